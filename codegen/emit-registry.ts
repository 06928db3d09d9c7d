import { OPTION_TYPES } from "../runtime/schema/option-type.js";
import { DATABASES } from "./databases/databases.js";
import { definitionName } from "./emit-definition.js";
import type { EventModel } from "./model.js";

/** Writes `registry.ts`: every plugin with its hooks. */
export function emitRegistry(events: readonly EventModel[]): string {
  return [
    ...events.flatMap((event) => [
      `import * as ${event.variable}Decoder from "../plugins/${event.plugin}/decoder.js";`,
      `import { ${event.variable}Codec } from "./${event.plugin}/codec.js";`,
      `import { ${event.variable}Table } from "./${event.plugin}/table.js";`,
    ]),
    'import { definePlugin, type Registry } from "../runtime/plugin/plugin.js";',
    "",
    "/** Every plugin, in the order of their folders. */",
    "export const registry: Registry = {",
    "  plugins: [",
    ...events.flatMap(emitPlugin),
    "  ],",
    "};",
    "",
  ].join("\n");
}

function emitPlugin(event: EventModel): string[] {
  const hooks = [
    ...(event.udpPorts.length > 0 ? ["decodeDatagram"] : []),
    ...(event.tcpPorts.length > 0 ? ["createStreamDecoder"] : []),
    ...(event.ethertypes.length + event.ipProtocols.length > 0 ? ["decodeFrame"] : []),
    ...(event.everyPacket ? ["createPacketObserver"] : []),
    ...(event.hasProbe ? ["probe"] : []),
  ];
  return [
    "    definePlugin({",
    `      table: ${event.variable}Table,`,
    `      codec: ${event.variable}Codec,`,
    "      bindings: {",
    `        udpPorts: ${JSON.stringify(event.udpPorts)},`,
    `        tcpPorts: ${JSON.stringify(event.tcpPorts)},`,
    `        ethertypes: ${JSON.stringify(event.ethertypes)},`,
    `        ipProtocols: ${JSON.stringify(event.ipProtocols)},`,
    `        everyPacket: ${event.everyPacket},`,
    "      },",
    `      limits: { pendingMaxEntries: ${event.pending?.maxEntries ?? 0}, pendingTtlMs: ${event.pending?.ttlMs ?? 0} },`,
    `      options: ${JSON.stringify(event.options.map(({ name, defaultValue, description, type }) => ({ name, defaultValue, description, type: OPTION_TYPES[type]! })))},`,
    `      captureFilter: ${JSON.stringify(captureFilter(event))},`,
    ...hooks.map((hook) => `      ${hook}: ${event.variable}Decoder.${hook},`),
    "    }),",
  ];
}

/** What a plugin is bound to, in pcap-filter syntax; empty where it sees every packet. */
function captureFilter(event: EventModel): string {
  if (event.everyPacket) return "";
  const terms = [
    ...event.udpPorts.map((port) => `udp port ${port}`),
    ...event.tcpPorts.map((port) => `tcp port ${port}`),
    ...event.ethertypes.map((ethertype) => `ether proto 0x${ethertype.toString(16)}`),
    ...event.ipProtocols.map((protocol) => `ip proto ${protocol} or ip6 proto ${protocol}`),
  ];
  return terms.join(" or ");
}

/** Writes `collected-events.ts`: every event as the collector stores and serves it. */
export function emitCollectedEvents(events: readonly EventModel[]): string {
  return [
    ...events.flatMap((event) => [
      `import { ${event.variable}Codec } from "./${event.plugin}/codec.js";`,
      `import { ${event.name}Schema } from "./${event.message.file.name}_pb.js";`,
      `import { ${event.name}Service } from "./${event.message.file.name}_service_pb.js";`,
      ...DATABASES.map(
        (database) => `import { ${definitionName(event, database)} } from "./${event.plugin}/${database.scheme}.js";`,
      ),
      `import { ${event.variable}Query } from "./${event.plugin}/query.js";`,
      `import { ${event.variable}Table } from "./${event.plugin}/table.js";`,
    ]),
    'import type { CollectedEvent } from "../runtime/plugin/plugin.js";',
    "",
    "/** Every event, in the order of the plugins' folders. */",
    "export const collectedEvents: readonly CollectedEvent[] = [",
    ...events.flatMap((event) => [
      "  {",
      `    table: ${event.variable}Table,`,
      `    codec: ${event.variable}Codec,`,
      `    query: ${event.variable}Query,`,
      `    definitions: { ${DATABASES.map((database) => `${database.scheme}: ${definitionName(event, database)}`).join(", ")} },`,
      `    message: ${event.name}Schema,`,
      `    service: ${event.name}Service,`,
      "  },",
    ]),
    "];",
    "",
  ].join("\n");
}

/** Writes `testing/random-events.ts`: each event's seeded records, for benchmarks and equality tests. */
export function emitRandomRecords(events: readonly EventModel[]): string {
  return [
    ...events.flatMap((event) => [
      `import { ${event.variable}Codec } from "../${event.plugin}/codec.js";`,
      `import { ${event.name}Schema } from "../${event.message.file.name}_pb.js";`,
      `import { fillRandom${event.name} } from "../${event.plugin}/testing/random.js";`,
    ]),
    'import { defineRandomEvent, type RandomEvent } from "../../runtime/record/testing/random-event.js";',
    "",
    "/** Every event's codec, schema and random records, in the order of the plugins' folders. */",
    "export const randomEvents: readonly RandomEvent[] = [",
    ...events.map(
      (event) =>
        `  defineRandomEvent({ resource: "${event.resource}", codec: ${event.variable}Codec, message: ${event.name}Schema, fillRandom: fillRandom${event.name} }),`,
    ),
    "];",
    "",
  ].join("\n");
}
