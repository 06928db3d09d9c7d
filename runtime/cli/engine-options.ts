import { type Command, Option } from "commander";
import { registry } from "../../generated/registry.js";
import { TagRule } from "../engine/conversation/tag-rule.js";
import { type EngineLimits, limitsFrom } from "../engine/engine-limits.js";
import type { RedactionOptions } from "../engine/redaction/redaction-action.js";
import { describeNearest } from "../schema/nearest-name.js";
import { WireloomError } from "../wireloom-error.js";
import { addRedactionOptions, type RedactionArguments, readRedactionOptions } from "./redaction-options.js";
import { collectValues } from "./shared-options.js";

/** Options of the commands that decode packets. */
export interface EngineOptions extends RedactionArguments {
  readonly limit: readonly string[];
  readonly set: readonly string[];
  readonly checksums?: true;
  readonly networks: keyof typeof TAG_RULES;
  /** Memory of an agent in MiB. */
  readonly memory?: number;
}

/** Parsed {@link EngineOptions}. */
export interface EngineSettings {
  readonly limits: EngineLimits;
  /** Values of decoder options, by `resource.name`. */
  readonly settings: ReadonlyMap<string, string>;
  readonly verifiesChecksums: boolean;
  readonly tagRule: TagRule;
  readonly redaction: RedactionOptions;
}

/** How VLANs and tunnels distinguish conversations, by the name that `--networks` takes. */
const TAG_RULES = { join: TagRule.Join, ignore: TagRule.Ignore, strict: TagRule.Strict } as const;

/** Adds the options of {@link EngineOptions} to a command. */
export function addEngineOptions(command: Command): Command {
  return addRedactionOptions(command)
    .addOption(
      new Option("--limit <name=value>", "limit of the engine, see wireloom limits; may be repeated")
        .argParser(collectValues)
        .default([], "safe ones"),
    )
    .addOption(
      new Option(
        "--networks <rule>",
        "whether VLANs and tunnels distinguish conversations of the same addresses: `join` (they do, but the two directions of a conversation may be in different ones if only one conversation matches), `ignore` (they do not), `strict` (they do, for both directions alike)",
      )
        .choices(Object.keys(TAG_RULES))
        .default("join"),
    )
    .option(
      "--checksums",
      "do not decode packets with a wrong checksum; not for captures on the sending host, whose network card computes them",
    )
    .addOption(
      new Option("--set <protocol.option=value>", "option of a plugin, see wireloom plugins; may be repeated")
        .argParser(collectValues)
        .default([], "none"),
    );
}

/** Checks and reads the options. Throws `usage`. */
export async function readEngineOptions(given: EngineOptions): Promise<EngineSettings> {
  const { limit, set, memory, checksums, networks } = given;
  const limits = new Map(limit.map((text) => splitAssignment(text, "--limit", "conversations=100000")));
  const options = registry.plugins.flatMap(({ table, options }) =>
    options.map(({ name, defaultValue }) => ({ name: `${table.resource}.${name}`, defaultValue })),
  );
  const example = options.find(({ defaultValue }) => defaultValue !== "");
  const exampleText = example === undefined ? "protocol.option=value" : `${example.name}=${example.defaultValue}`;
  const settings = new Map(set.map((text) => splitAssignment(text, "--set", exampleText)));
  const known = options.map(({ name }) => name);
  for (const name of settings.keys()) {
    if (!known.includes(name)) {
      throw new WireloomError("usage", `no plugin has an option "${name}"; ${describeNearest(name, known)}`);
    }
  }
  return {
    limits: limitsFrom(new Map([...limits].map(([name, value]) => [name, parseWholeNumber(value)])), memory),
    settings,
    verifiesChecksums: checksums === true,
    tagRule: TAG_RULES[networks],
    redaction: await readRedactionOptions(given),
  };
}

/** The number with these decimal digits, otherwise NaN. */
function parseWholeNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Name in lower case, and value. */
function splitAssignment(text: string, option: string, example: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) {
    const hint = /^\d+$/.test(text) ? "; to limit the number of rows that decode prints, use --count" : "";
    throw new WireloomError("usage", `${option} ${text} is not of the form name=value, such as ${example}${hint}`);
  }
  return [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1)];
}
