import { type Command, Option } from "commander";
import { registry } from "../../generated/registry.js";
import {
  REDACTION_ACTIONS,
  type RedactionAction,
  type RedactionOptions,
} from "../engine/redaction/redaction-action.js";
import { Redactor } from "../engine/redaction/redactor.js";
import { fieldNames } from "../schema/field-names.js";
import { describeNearest } from "../schema/nearest-name.js";
import { quote } from "../schema/quote.js";
import { WireloomError } from "../wireloom-error.js";
import { readBounded } from "./read-bounded.js";
import { collectValues } from "./shared-options.js";

/** Minimum length of a key: 128 bits. */
const MIN_KEY_BYTES = 16;
/** Maximum length of a key file in bytes. */
const MAX_KEY_BYTES = 65_536;

/** Options of the commands that redact rows. */
export interface RedactionArguments {
  readonly redact: readonly string[];
  readonly redactKey?: string;
}

/** Adds the options of {@link RedactionArguments} to a command. */
export function addRedactionOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--redact <field=action>",
        "what is done with a field before its rows are printed or sent: `keep`, `drop`, `hash` (keyed), `prefix` or `mask` (credentials alone); as <protocol>.<field>, <field> of every protocol, or <protocol> for its sensitive fields; may be given again",
      )
        .argParser(collectValues)
        .default([], "as declared by the plugins"),
    )
    .option("--redact-key <file>", "secret of keyed hashes, the same for all agents whose hashes are compared");
}

/** Checks and reads the options. Throws `usage`, and the errors of {@link readBounded} for a key that cannot be read. */
export async function readRedactionOptions({ redact, redactKey }: RedactionArguments): Promise<RedactionOptions> {
  const actions = new Map(redact.map(parseAction));
  const key = redactKey === undefined ? undefined : await readKey(redactKey);
  const options = { actions, ...(key === undefined ? {} : { key }) };
  for (const { table } of registry.plugins) Redactor.of(table, options);
  if (key === undefined && [...actions.values()].includes("hash")) {
    throw new WireloomError(
      "usage",
      "--redact with hash requires --redact-key <file>, a secret key, so that hashes of all agents and runs are comparable; create one with: openssl rand -out redact.key 32",
    );
  }
  return options;
}

function parseAction(text: string): [string, RedactionAction] {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(0, equals)).trim().toLowerCase();
  const action = text
    .slice(equals + 1)
    .trim()
    .toLowerCase();
  const known = REDACTION_ACTIONS.find((one) => one === action);
  const actions = `actions are ${REDACTION_ACTIONS.join(", ")}`;
  if (equals < 1) {
    throw new WireloomError(
      "usage",
      `--redact ${quote(text)} is not of the form field=action, such as src_address=prefix; ${actions}`,
    );
  }
  if (known === undefined)
    throw new WireloomError("usage", `--redact ${quote(text)}: ${quote(action)} is not an action; ${actions}`);
  const names = knownNames();
  if (!names.includes(name))
    throw new WireloomError("usage", `--redact: there is no field ${quote(name)}; ${describeNearest(name, names)}`);
  return [name, known];
}

/** Valid names for `--redact`: protocols, their fields, and fields of any protocol. */
function knownNames(): string[] {
  const tables = registry.plugins.map(({ table }) => table);
  const qualified = tables.flatMap(({ resource, columns }) => columns.map(({ name }) => `${resource}.${name}`));
  return [
    ...tables.map(({ resource }) => resource),
    ...fieldNames(tables.flatMap(({ columns }) => columns)),
    ...qualified,
  ];
}

async function readKey(path: string): Promise<Uint8Array> {
  const key = await readBounded(path, MAX_KEY_BYTES);
  if (key === undefined || key.length < MIN_KEY_BYTES) {
    throw new WireloomError(
      "usage",
      `--redact-key: ${path} has ${key === undefined ? `more than ${MAX_KEY_BYTES}` : key.length} bytes, ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} are expected; create one with: openssl rand -out redact.key 32`,
    );
  }
  return new Uint8Array(key);
}
