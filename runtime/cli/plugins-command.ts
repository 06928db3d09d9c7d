import { Command } from "commander";
import { registry } from "../../generated/registry.js";
import type { Plugin } from "../plugin/plugin.js";
import type { Column, EnumValue } from "../schema/event-table.js";
import { type DefinedTable, definitionOf } from "../store/table-definitions.js";
import { WireloomError } from "../wireloom-error.js";
import { describeSeconds } from "./describe-seconds.js";
import { selectResources } from "./select-plugins.js";
import { print } from "./standard-output.js";

/** `wireloom plugins`: shows the loaded plugins. */
export function pluginsCommand(): Command {
  return new Command("plugins")
    .description("Show the loaded plugins: bindings, fields, table")
    .argument("[name...]", "plugins to show in detail (default: all, summarized)")
    .option("--sql", "show the tables' data definition")
    .option("--database <scheme>", "database of --sql, such as duckdb (default: the first)")
    .action(async (names: string[], { sql, database }: { sql?: true; database?: string }) => {
      if (database !== undefined && sql === undefined) throw new WireloomError("usage", "--database requires --sql");
      const resources = selectResources(registry.plugins, names.length === 0 ? undefined : names);
      const shown = registry.plugins.filter(({ table }) => resources.has(table.resource));
      const texts = sql
        ? await describeSql(resources, database)
        : shown.map((plugin) => (names.length === 0 ? describeShort(plugin) : describeFull(plugin)));
      await print(`${texts.join("\n")}\n`);
    });
}

function describeShort(plugin: Plugin): string {
  const { resource, title, columns, description } = plugin.table;
  return `${resource.padEnd(10)} ${title.padEnd(10)} ${String(columns.length).padStart(3)} fields  ${describeBindings(plugin)}\n${" ".repeat(11)}${description.split(". ")[0]?.replace(/\.$/, "")}`;
}

function describeFull(plugin: Plugin): string {
  const { table, limits } = plugin;
  const width = Math.max(...table.columns.map(({ name }) => name.length));
  const lines = [
    `${table.resource}: ${table.description}`,
    `  bound to   ${describeBindings(plugin)}`,
    `  message    ${table.eventType}`,
    `  table      ${table.resource}, ${table.columns.length} columns`,
  ];
  if (table.retentionSeconds !== undefined) lines.push(`  retention  ${describeSeconds(table.retentionSeconds)}`);
  if (limits.pendingMaxEntries > 0) {
    const time = limits.pendingTtlMs === 0 ? "as long as their connections live" : `${limits.pendingTtlMs} ms each`;
    lines.push(`  pending    ${limits.pendingMaxEntries} requests, ${time}`);
  }
  for (const { name, defaultValue, description } of plugin.options) {
    lines.push(`  --set ${table.resource}.${name}=${defaultValue}  ${description}`);
  }
  lines.push("  fields");
  for (const column of table.columns) {
    const { name, type, isList, isNullable, wireshark, description, title, enumValues } = column;
    const kind = `${isList ? "list of " : ""}${type}${isNullable ? "?" : ""}`;
    const peer = wireshark.length === 0 ? "" : `  [${wireshark.join(", ")}]`;
    lines.push(
      `    ${name.padEnd(width)}  ${kind.padEnd(14)}  ${description || title}${peer}${describeAnnotation(column)}`,
    );
    lines.push(...describeValues(enumValues, width));
  }
  return `${lines.join("\n")}\n`;
}

/** The annotation of the value's meaning, such as `  (client; sensitive: keep)`. */
function describeAnnotation({ annotation }: Column): string {
  const { unit, role, index, sensitive } = annotation;
  const word = (name: string) => name.replace(/^[A-Z]+_/, "").toLowerCase();
  const parts = [
    ...(unit === undefined ? [] : [`unit: ${unit}`]),
    ...(role === undefined ? [] : [word(String(role))]),
    ...(index === undefined ? [] : [`index: ${word(String(index))}`]),
    ...(sensitive === undefined ? [] : [`sensitive: ${word(String(sensitive))}`]),
  ];
  return parts.length === 0 ? "" : `  (${parts.join("; ")})`;
}

/** A line for each enum value with a description, and one with the names of the others. */
function describeValues(values: readonly EnumValue[], width: number): string[] {
  const indented = (text: string) => `    ${" ".repeat(width)}    ${text}`;
  const described = values.flatMap(({ name, description }) =>
    description === undefined ? [] : [indented(`${name}: ${description}`)],
  );
  const others = values.filter(({ description }) => description === undefined).map(({ name }) => name);
  if (others.length === 0) return described;
  return [...described, indented(`${described.length === 0 ? "" : "also "}${others.join(", ")}`)];
}

async function describeSql(resources: ReadonlySet<string>, database: string | undefined): Promise<string[]> {
  const { collectedEvents } = await import("../../generated/collected-events.js");
  const scheme = schemeOf(collectedEvents, database);
  return collectedEvents
    .filter(({ table }) => resources.has(table.resource))
    .map((event) => `${definitionOf(event, scheme).create};\n`);
}

/** The scheme of a database that the tables are defined for; default: the first one. */
function schemeOf(tables: readonly DefinedTable[], database: string | undefined): string {
  const schemes = [...new Set(tables.flatMap(({ definitions }) => Object.keys(definitions)))];
  const scheme = schemes.find((candidate) => database === undefined || candidate === database);
  if (scheme !== undefined) return scheme;
  throw new WireloomError("usage", `no table is defined for the database ${database}; give ${schemes.join(" or ")}`);
}

function describeBindings({ bindings }: Plugin): string {
  const parts: string[] = [];
  if (bindings.udpPorts.length > 0) parts.push(`UDP ports ${bindings.udpPorts.join(", ")}`);
  if (bindings.tcpPorts.length > 0) parts.push(`TCP ports ${bindings.tcpPorts.join(", ")}`);
  if (bindings.ethertypes.length > 0) {
    parts.push(
      `Ethernet types ${bindings.ethertypes.map((type) => `0x${type.toString(16).padStart(4, "0")}`).join(", ")}`,
    );
  }
  if (bindings.ipProtocols.length > 0) parts.push(`IP protocols ${bindings.ipProtocols.join(", ")}`);
  if (bindings.everyPacket) parts.push("every packet");
  return parts.join("; ");
}
