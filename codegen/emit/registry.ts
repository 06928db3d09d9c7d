import { DATABASES } from "../databases/databases.js";
import type { PluginModel } from "../model/plugin-model.js";
import { code, generated, indent, type Line, runtime, runtimeType } from "./code.js";
import { codecName } from "./codec.js";
import { definitionName } from "./definition.js";
import type { Emitter } from "./emitter.js";
import { moduleOf } from "./generated-modules.js";
import { queryName } from "./query.js";
import { fillName } from "./random.js";
import { tableName } from "./table.js";

const EVERY_PLUGIN = "every plugin";

/** Writes the lists of all plugins: for the agent, for the collector, and for benchmarks and equality tests. */
export const registries: Emitter = {
  emit({ plugins }, output) {
    output.typescript("registry.ts", EVERY_PLUGIN, emitRegistry(plugins));
    output.typescript("collected-events.ts", EVERY_PLUGIN, emitCollectedEvents(plugins));
    output.typescript("testing/random-events.ts", EVERY_PLUGIN, emitRandomEvents(plugins));
  },
};

function emitRegistry(plugins: readonly PluginModel[]): Line[] {
  const registry = runtimeType("Registry", "plugin/plugin");
  return [
    ...plugins.map(({ variable, folder }) => `import * as ${variable}Decoder from "../plugins/${folder}/decoder.js";`),
    "",
    "/** Every plugin, in the order of their folders. */",
    code`export const registry: ${registry} = {`,
    ...indent(["plugins: [", ...indent(plugins.flatMap(emitPlugin)), "],"]),
    "};",
  ];
}

function emitPlugin(plugin: PluginModel): Line[] {
  const { variable, folder, pending, options, decoderExports, bindings } = plugin;
  return [
    code`${runtime("definePlugin", "plugin/plugin")}({`,
    ...indent([
      code`table: ${generated(tableName(plugin), `${folder}/table`)},`,
      code`codec: ${codecOf(plugin)},`,
      "bindings: {",
      ...indent(Object.entries(bindings).map(([name, value]) => `${name}: ${JSON.stringify(value)},`)),
      "},",
      `limits: { pendingMaxEntries: ${pending?.maxEntries ?? 0}, pendingTtlMs: ${pending?.ttlMs ?? 0} },`,
      `options: ${JSON.stringify(options)},`,
      `captureFilter: ${JSON.stringify(captureFilter(plugin))},`,
      ...decoderExports.map((name) => `${name}: ${variable}Decoder.${name},`),
    ]),
    "}),",
  ];
}

function codecOf(plugin: PluginModel): Line {
  return generated(codecName(plugin), moduleOf(plugin.message, "codec"));
}

function messageOf({ message }: PluginModel): Line {
  return generated(`${message.name}Schema`, `${message.desc.file.name}_pb`);
}

/** Filter for a plugin's bindings, in pcap-filter syntax; empty for a plugin that sees every packet. */
function captureFilter({ bindings }: PluginModel): string {
  const { everyPacket, udpPorts, tcpPorts, ethertypes, ipProtocols } = bindings;
  if (everyPacket) return "";
  const terms = [
    ...udpPorts.map((port) => `udp port ${port}`),
    ...tcpPorts.map((port) => `tcp port ${port}`),
    ...ethertypes.map((ethertype) => `ether proto 0x${ethertype.toString(16)}`),
    ...ipProtocols.map((protocol) => `ip proto ${protocol} or ip6 proto ${protocol}`),
  ];
  return terms.join(" or ");
}

function emitCollectedEvents(plugins: readonly PluginModel[]): Line[] {
  const collected = runtimeType("CollectedEvent", "plugin/plugin");
  return [
    "/** Every event, in the order of the plugins' folders. */",
    code`export const collectedEvents: readonly ${collected}[] = [`,
    ...indent(
      plugins.flatMap((plugin) => [
        "{",
        ...indent([
          code`table: ${generated(tableName(plugin), `${plugin.folder}/table`)},`,
          code`codec: ${codecOf(plugin)},`,
          code`query: ${generated(queryName(plugin), `${plugin.folder}/query`)},`,
          "definitions: {",
          ...DATABASES.map((database) => {
            const definition = generated(definitionName(plugin, database), `${plugin.folder}/${database.scheme}`);
            return code`  ${database.scheme}: ${definition},`;
          }),
          "},",
          code`message: ${messageOf(plugin)},`,
          code`service: ${generated(plugin.service.name, `${plugin.message.desc.file.name}_service_pb`)},`,
        ]),
        "},",
      ]),
    ),
    "];",
  ];
}

function emitRandomEvents(plugins: readonly PluginModel[]): Line[] {
  const randomEvent = runtimeType("RandomEvent", "record/testing/random-event");
  const define = runtime("defineRandomEvent", "record/testing/random-event");
  return [
    "/** Every event's codec, schema and random records, in the order of the plugins' folders. */",
    code`export const randomEvents: readonly ${randomEvent}[] = [`,
    ...plugins.map((plugin) => {
      const { message, table } = plugin;
      const fill = generated(fillName(message), moduleOf(message, "random"));
      return code`  ${define}({ resource: "${table.name}", codec: ${codecOf(plugin)}, message: ${messageOf(plugin)}, fillRandom: ${fill} }),`;
    }),
    "];",
  ];
}
