import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { registry } from "../../generated/registry.js";
import { TAKEN_EVENTS, TAKEN_FOLDERS, TAKEN_RESOURCES } from "../schema/taken-names.js";
import { WireloomError } from "../wireloom-error.js";
import { messageName, pluginTemplate } from "./plugin-template.js";
import { print } from "./standard-output.js";
import { writeFailure } from "./write-failure.js";

/**
 * First port for new plugins: RFC 6335 does not assign 49152 and above, and Linux uses those below 61000 for clients, so captures contain many
 * of them.
 */
const FIRST_PORT = 61000;

/** Reserved words of the code that is generated for a plugin (ECMAScript 2025, section 12.7.2, strict mode). */
const RESERVED_WORDS = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static super switch " +
    "this throw true try typeof var void while with yield"
  ).split(" "),
);
/** Names of generated code: the observation, the enum of the template, the type of an event. */
const TAKEN_NAMES = new Set(["observation", "kind", "event"]);
/** The collection of Community IDs, which the observation declares. */
const CONVERSATIONS = "conversations";

/** The ports of an event in a proto, one or a list of them. */
const UDP_PORTS = /\budp_ports\s*:\s*\[?([\d,\s]+)/g;

/** `wireloom plugin`: work on plugins. */
export function pluginCommand(): Command {
  const create = new Command("new")
    .description("Create a plugin folder that generates, compiles and passes its own test")
    .argument("<name>", "name of the protocol in lower case, such as demo")
    .option("--udp-port <port>", "UDP port of the protocol (default: a free one from 61000)")
    .addHelpText("after", EXAMPLES)
    .action(newPlugin);
  return new Command("plugin").description("Make plugins").addCommand(create);
}

const EXAMPLES = `
Examples:
  wireloom plugin new demo
  wireloom plugin new syslog --udp-port 514`;

async function newPlugin(name: string, { udpPort }: { udpPort?: string }): Promise<void> {
  if (!/^[a-z][a-z0-9]*$/.test(name)) {
    throw new WireloomError(
      "usage",
      `"${name}" is not a plugin's name; use lower-case letters and digits, such as demo`,
    );
  }
  if (RESERVED_WORDS.has(name)) {
    throw new WireloomError(
      "usage",
      `"${name}" is a word of JavaScript, which generated code cannot use as a name; choose another name`,
    );
  }
  if (TAKEN_NAMES.has(name) || TAKEN_FOLDERS.has(name)) {
    throw new WireloomError("usage", `"${name}" is a name that every plugin's code has already; choose another name`);
  }
  if (TAKEN_RESOURCES.has(name) || name === CONVERSATIONS || TAKEN_EVENTS.has(messageName(name)))
    throw new WireloomError("usage", `"${name}" is a name that the collector has already; choose another name`);
  if (!existsSync("buf.gen.yaml") || !existsSync("plugins")) {
    throw new WireloomError(
      "usage",
      "this folder has no buf.gen.yaml and no plugins; run the command in a clone of wireloom",
    );
  }
  const folder = join("plugins", name);
  if (existsSync(folder)) throw new WireloomError("usage", `${folder} already exists; choose another name`);
  const port = await (udpPort === undefined ? freePort() : checkPort(udpPort));

  await makeFolder(folder);
  for (const [file, content] of Object.entries(pluginTemplate(name, port))) {
    const path = join(folder, file);
    await writeFile(path, content, { flag: "wx" }).catch((cause: unknown) => {
      throw writeFailure(path, cause);
    });
    await print(`${path}\n`);
  }
  await print(nextSteps(name));
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw writeFailure(folder, cause);
  });
}

/** Next steps for the author of a new plugin, in order: columns that were generated once are kept. */
function nextSteps(name: string): string {
  return `
Next, in this order (the sample works as it is):
  1. describe the row in plugins/${name}/${name}.proto: columns that were generated once are kept
  2. npm run generate
  3. fill the row in plugins/${name}/decoder.ts
  4. npx vitest run plugins/${name} && npm run check:types
  5. npm run build, after which npx wireloom has the protocol
`;
}

/** UDP ports by the plugin that is bound to them, of loaded plugins and of plugins whose folders exist but are not built. */
async function boundPorts(): Promise<ReadonlyMap<number, string>> {
  const bound = new Map(
    registry.plugins.flatMap(({ bindings, table }) => bindings.udpPorts.map((port) => [port, table.resource] as const)),
  );
  for (const name of await readdir("plugins")) {
    const proto = await readFile(join("plugins", name, `${name}.proto`), "utf8").catch(() => "");
    for (const [, ports] of proto.matchAll(UDP_PORTS)) {
      for (const port of ports!.split(/\D+/).filter(Boolean)) bound.set(Number(port), name);
    }
  }
  return bound;
}

async function freePort(): Promise<number> {
  const bound = await boundPorts();
  let port = FIRST_PORT;
  while (bound.has(port)) port++;
  return port;
}

async function checkPort(text: string): Promise<number> {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new WireloomError("usage", `--udp-port ${text} is not a port; ports are 1 to 65535`);
  }
  const owner = (await boundPorts()).get(port);
  if (owner !== undefined) throw new WireloomError("usage", `UDP port ${port} is already bound by the plugin ${owner}`);
  return port;
}
