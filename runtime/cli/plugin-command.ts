import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { registry } from "../../generated/registry.js";
import { WireloomError } from "../wireloom-error.js";
import { pluginTemplate } from "./plugin-template.js";

/** First port that a new plugin is bound to: RFC 6335 leaves 49152 and up to no one. */
const FIRST_PORT = 49152;

/** `wireloom plugin`: work on plugins. */
export function pluginCommand(): Command {
  const create = new Command("new")
    .description("Make a plugin folder that generates, compiles and passes its own test")
    .argument("<name>", "name of the protocol in lower case, such as demo")
    .option("--udp-port <port>", "UDP port of the protocol (default: a free one from 49152)")
    .action(newPlugin);
  return new Command("plugin").description("Make plugins").addCommand(create);
}

async function newPlugin(name: string, { udpPort }: { udpPort?: string }): Promise<void> {
  if (!/^[a-z][a-z0-9]*$/.test(name)) {
    throw new WireloomError(
      "usage",
      `"${name}" is not a plugin's name; use lower-case letters and digits, such as demo`,
    );
  }
  if (!existsSync("buf.gen.yaml") || !existsSync("plugins")) {
    throw new WireloomError(
      "usage",
      "this folder has no buf.gen.yaml and no plugins; run the command in a clone of wireloom",
    );
  }
  const folder = join("plugins", name);
  if (existsSync(folder)) throw new WireloomError("usage", `${folder} exists already; choose another name`);
  const port = udpPort === undefined ? freePort() : checkPort(udpPort);

  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(pluginTemplate(name, port))) {
    await writeFile(join(folder, file), content, { flag: "wx" });
    process.stdout.write(`${join(folder, file)}\n`);
  }
  process.stdout.write("\nNext: npm run generate && npm test\n");
}

function boundPorts(): Map<number, string> {
  return new Map(
    registry.plugins.flatMap(({ bindings, table }) => bindings.udpPorts.map((port) => [port, table.resource] as const)),
  );
}

function freePort(): number {
  const bound = boundPorts();
  let port = FIRST_PORT;
  while (bound.has(port)) port++;
  return port;
}

function checkPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new WireloomError("usage", `--udp-port ${text} is not a port; ports are 1 to 65535`);
  }
  const owner = boundPorts().get(port);
  if (owner !== undefined) throw new WireloomError("usage", `UDP port ${port} is bound by the plugin ${owner} already`);
  return port;
}
