import type { OptionValues } from "./option-values.js";

/** Milliseconds that a request of a plugin waits for its response, from the option that it has for it; 0 for as long as its connection lives. */
export function answerTimeoutMs(options: OptionValues): number {
  return Number(options.get("answer_timeout")) * 1000;
}
