import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { DescField, DescFile, Registry } from "@bufbuild/protobuf";
import { OBSERVATION } from "../model/message-model.js";
import type { PluginModel } from "../model/plugin-model.js";
import type { SchemaModel } from "../model/schema-model.js";
import { AnnotationReader } from "./annotation-reader.js";
import { checkAnnotations } from "./check-annotations.js";
import { checkServiceNames } from "./check-service-names.js";
import type { Diagnostics } from "./diagnostics.js";
import { EnumReader } from "./read-enum.js";
import { readBuiltInClaims } from "./read-layer-claims.js";
import { MessageReader } from "./read-message.js";
import { readPlugin } from "./read-plugin.js";
import { LOCK_FILE } from "./schema-lock.js";
import { lineOf, projectPath } from "./source-location.js";

/** The model of every annotated event in `files`; reports mistakes to `diagnostics`. `root` is the project's folder. */
export function readSchema(
  files: readonly DescFile[],
  registry: Registry,
  root: string,
  diagnostics: Diagnostics,
): SchemaModel {
  const annotations = new AnnotationReader(registry);
  const enums = new EnumReader();
  const messages = new MessageReader({ annotations, enums, diagnostics });
  const plugins: PluginModel[] = [];
  const folders = new Set<string>();
  for (const file of files.toSorted((a, b) => a.name.localeCompare(b.name))) {
    checkAnnotations(file, annotations, diagnostics);
    const annotated = file.messages.filter((message) => annotations.event(message) !== undefined);
    for (const extra of annotated.slice(1)) {
      diagnostics.report(
        projectPath(file),
        lineOf(extra),
        "a plugin declares one event; move this one to a folder of its own",
      );
    }
    const message = annotated[0];
    if (message === undefined) continue;
    folders.add(file.name.split("/")[0]!);
    const plugin = readPlugin(message, annotations.event(message)!, messages, root, diagnostics);
    if (plugin !== undefined) plugins.push(plugin);
  }
  reportFoldersWithoutEvent(root, folders, diagnostics);
  checkServiceNames(plugins, files, diagnostics);
  // What two plugins claim is reported at the one that was never generated, or at the later one in order of names.
  const isNew = ({ folder }: PluginModel) => !existsSync(join(root, "plugins", folder, LOCK_FILE));
  const claimants = plugins.toSorted((a, b) => Number(isNew(a)) - Number(isNew(b)));
  reportDuplicates(claimants, diagnostics);
  reportPaths(claimants, diagnostics);
  reportLayerConflicts(claimants, root, diagnostics);
  return { plugins, groups: messages.groups(), enums: enums.all() };
}

/** Reports a folder below `plugins` without an event, which would otherwise be ignored silently. */
function reportFoldersWithoutEvent(root: string, known: ReadonlySet<string>, diagnostics: Diagnostics): void {
  const plugins = join(root, "plugins");
  if (!existsSync(plugins)) return;
  for (const entry of readdirSync(plugins, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory() || name.startsWith(".") || known.has(name)) continue;
    const hasLock = existsSync(join(plugins, name, LOCK_FILE));
    diagnostics.report(
      `plugins/${name}/${name}.proto`,
      1,
      hasLock
        ? `databases may have columns of this folder (${LOCK_FILE}), but it has no message with option (wireloom.v1.event); restore the event, or delete the folder, whose table then stays in databases`
        : "the folder has no message with option (wireloom.v1.event); add the event, or delete the folder",
    );
  }
}

function reportDuplicates(plugins: readonly PluginModel[], diagnostics: Diagnostics): void {
  const owners = new Map<string, PluginModel>();
  const claim = (plugin: PluginModel, key: string): void => {
    const owner = owners.get(key);
    if (owner === undefined) {
      owners.set(key, plugin);
      return;
    }
    const { desc } = plugin.message;
    diagnostics.report(
      projectPath(desc.file),
      lineOf(desc),
      `${key} is already that of ${projectPath(owner.message.desc.file)}; choose another one`,
    );
  };
  for (const plugin of plugins) {
    const { udpPorts, tcpPorts, ethertypes, ipProtocols } = plugin.bindings;
    claim(plugin, `resource "${plugin.table.name}"`);
    // Generated constants, and schemas and operations of OpenAPI, are named after the message without its package.
    claim(plugin, `the generated name ${plugin.variable}`);
    claim(plugin, `the generated name ${plugin.variable}Page`);
    for (const port of udpPorts) claim(plugin, `UDP port ${port}`);
    for (const port of tcpPorts) claim(plugin, `TCP port ${port}`);
    for (const ethertype of ethertypes) claim(plugin, `Ethernet type 0x${ethertype.toString(16)}`);
    for (const protocol of ipProtocols) claim(plugin, `IP protocol ${protocol}`);
  }
}

/**
 * Reports a collection whose name is that of a resource or of another field's collection: `/v1/<path>/{<field>}/<resource>` has one meaning
 * of `{<field>}` for all resources. A field of a group is one field in all events that include it.
 */
function reportPaths(plugins: readonly PluginModel[], diagnostics: Diagnostics): void {
  const resources = new Map(plugins.map(({ table, message }) => [table.name, projectPath(message.desc.file)]));
  const owners = new Map<string, DescField>();
  const fields = plugins.flatMap(({ table }) => table.columns.map(({ field }) => field));
  // The observation's paths are those of every event; another field cannot take them.
  const isObserved = (desc: DescField) => desc.parent.typeName === OBSERVATION;
  for (const { desc, annotation } of fields.toSorted(
    (a, b) => Number(isObserved(b.desc)) - Number(isObserved(a.desc)),
  )) {
    const { path } = annotation;
    if (path === undefined) continue;
    const owner = owners.get(path);
    if (owner === desc) continue;
    const fail = (text: string) =>
      diagnostics.report(projectPath(desc.parent.file), lineOf(desc), `field ${desc.name}: ${text}`);
    if (owner !== undefined)
      fail(`path "${path}" is that of ${owner.parent.name}.${owner.name} already; choose another one`);
    else if (resources.has(path) && !isObserved(desc))
      fail(`path "${path}" is the resource of ${resources.get(path)}; choose another one`);
    owners.set(path, owner ?? desc);
  }
  for (const { table, message } of plugins) {
    const owner = owners.get(table.name);
    if (owner === undefined || !isObserved(owner)) continue;
    const problem = `resource "${table.name}" is the collection of the observation's ${owner.name}; choose another one`;
    diagnostics.report(projectPath(message.desc.file), lineOf(message.desc), problem);
  }
}

/** Reports tunnels and link types that two plugins, or a plugin and the runtime, claim. */
function reportLayerConflicts(plugins: readonly PluginModel[], root: string, diagnostics: Diagnostics): void {
  const claims = plugins.flatMap(({ layerClaims }) => layerClaims);
  if (claims.length === 0) return;
  const owners = new Map(readBuiltInClaims(root).map(({ name, file }): [string, string] => [name, file]));
  for (const { name, file, line } of claims) {
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, file);
    else diagnostics.report(file, line, `${name} is already decoded by ${owner}`);
  }
}
