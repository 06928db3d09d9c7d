/** Names of the values of `wireloom.v1.OptionType`, by number. */
export const OPTION_TYPES = ["text", "seconds", "bool", "names", "seconds_or_zero"] as const;

/** What values a setting of a decoder has. */
export type OptionType = (typeof OPTION_TYPES)[number];

/** A setting of a decoder, which it reads through `Output.option`. */
export interface DecoderOption {
  readonly name: string;
  readonly defaultValue: string;
  readonly description: string;
  readonly type: OptionType;
}

/** A day. */
const MAX_SECONDS = 86_400;
/** `token` of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const RULES: Readonly<
  Record<OptionType, { readonly description: string; readonly accepts: (text: string) => boolean }>
> = {
  text: { description: "a text", accepts: () => true },
  seconds: {
    description: `a number of seconds above 0, up to ${MAX_SECONDS}`,
    accepts: (text) => isNumberOfSeconds(text) && Number(text) > 0,
  },
  seconds_or_zero: { description: `a number of seconds from 0, up to ${MAX_SECONDS}`, accepts: isNumberOfSeconds },
  bool: { description: "true or false", accepts: (text) => text === "true" || text === "false" },
  names: {
    description: "names separated by commas",
    accepts: (text) => text.trim() === "" || text.split(",").every((name) => TOKEN.test(name.trim())),
  },
};

function isNumberOfSeconds(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text) && Number(text) <= MAX_SECONDS;
}

/** What is wrong with a value of an option, such as `must be true or false, not "yes"`; undefined for a valid one. */
export function optionProblem(type: OptionType, text: string): string | undefined {
  const { description, accepts } = RULES[type];
  return accepts(text) ? undefined : `must be ${description}, not "${text}"`;
}
