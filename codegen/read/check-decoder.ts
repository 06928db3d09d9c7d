import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { distance } from "fastest-levenshtein";
import { Node, Project, type SourceFile, SyntaxKind } from "ts-morph";
import type { LayerClaim } from "../model/layer-claim.js";
import type { BindingsModel } from "../model/plugin-model.js";
import type { Diagnostics } from "./diagnostics.js";
import { checkLayerTable, readLayerClaims } from "./read-layer-claims.js";

/** Declarations that a decoder file is checked against. */
export interface DecoderExpectation {
  readonly root: string;
  readonly plugin: string;
  readonly recordName: string;
  readonly bindings: BindingsModel;
  readonly hasPending: boolean;
}

/** Exports of a decoder file for the registry. */
export interface CheckedDecoder {
  /** Names of the exported hooks and tables. */
  readonly exports: readonly string[];
  readonly layerClaims: readonly LayerClaim[];
}

/** An export by its name, and its declared type. */
interface Export {
  readonly name: string;
  readonly type: string;
}

/** A hook, and the binding that calls it. */
interface Hook extends Export {
  readonly binding: string;
  readonly isBound: boolean;
}

/** Tables of layers that any decoder may export. */
const LAYER_TABLES: readonly Export[] = [
  { name: "tunnels", type: "readonly Tunnel[]" },
  { name: "linkTypes", type: "readonly LinkTypeDecoder[]" },
];

/** The hook that any decoder with ports may export. */
const PROBE: Export = { name: "probe", type: "Probe" };

/** The receiver of a call of `Output.hold`, as plugins name it. */
const OUTPUT_NAME = /out(put)?$/i;

/**
 * Checks that `decoder.ts` exports each hook that the event's bindings call, declared with the hook's type for this
 * event's record, and no hook that is never called; that its tables of tunnels and link types have their types; and that the plugin holds
 * requests only if `pending` limits them. Returns the exports.
 */
export function checkDecoder(
  expected: DecoderExpectation,
  protoPath: string,
  protoLine: number,
  diagnostics: Diagnostics,
): CheckedDecoder {
  const path = `plugins/${expected.plugin}/decoder.ts`;
  const absolute = join(expected.root, path);
  const hooks = hooksOf(expected);
  if (hooks.every((hook) => !hook.isBound)) {
    diagnostics.report(
      protoPath,
      protoLine,
      "the event is not bound to any traffic; add udp_ports, tcp_ports, ethertypes, ip_protocols or every_packet",
    );
  }
  if (!isFile(absolute)) {
    diagnostics.report(
      path,
      1,
      `is missing; it exports ${hooks.find((hook) => hook.isBound)?.name ?? "the plugin's hooks"}`,
    );
    return { exports: [], layerClaims: [] };
  }
  const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { noLib: true } });
  if (!expected.hasPending) reportHeldRequests(project, expected, diagnostics);
  const source = project.addSourceFileAtPath(absolute);
  const exported = exportedDeclarations(source);
  reportReExports(source, [...hooks, PROBE, ...LAYER_TABLES], path, diagnostics);

  for (const hook of hooks) {
    const declaration = exported.get(hook.name);
    if (declaration === undefined) {
      if (hook.isBound) reportMissing(hook, exported, path, diagnostics);
    } else if (!hook.isBound) {
      diagnostics.report(
        path,
        declaration.getStartLineNumber(),
        `${hook.name} is exported, but the event declares no ${hook.binding}`,
      );
    } else {
      checkType(hook, declaration, path, diagnostics);
    }
  }
  const probe = exported.get("probe");
  if (probe !== undefined) {
    const binding = "udp_ports or tcp_ports";
    const isBound = expected.bindings.udpPorts.length > 0 || expected.bindings.tcpPorts.length > 0;
    if (!isBound) {
      diagnostics.report(path, probe.getStartLineNumber(), `probe is exported, but the event declares no ${binding}`);
    } else checkType(PROBE, probe, path, diagnostics);
  }
  const names = hooks.filter(({ isBound }) => isBound).map(({ name }) => name);
  if (probe !== undefined) names.push("probe");
  const layerClaims: LayerClaim[] = [];
  for (const table of LAYER_TABLES) {
    const declaration = exported.get(table.name);
    if (declaration === undefined) continue;
    checkType(table, declaration, path, diagnostics);
    if (Node.isVariableDeclaration(declaration)) checkLayerTable(declaration, path, diagnostics);
    layerClaims.push(...readLayerClaims(declaration, path));
    names.push(table.name);
  }
  return { exports: names, layerClaims };
}

/** Requests that are held without `pending` would never be answered or time out. */
function reportHeldRequests(project: Project, { root, plugin }: DecoderExpectation, diagnostics: Diagnostics): void {
  const folder = join(root, "plugins", plugin);
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
    if (!path.endsWith(".ts") || path.endsWith(".test.ts")) continue;
    if (!isFile(join(folder, path))) continue;
    const text = readFileSync(join(folder, path), "utf8");
    if (!text.includes(".hold(")) continue;
    const source = project.createSourceFile(join(folder, path), text, { overwrite: true });
    for (const call of source.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      const callee = call.getExpression();
      if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== "hold") continue;
      if (!OUTPUT_NAME.test(callee.getExpression().getText())) continue;
      diagnostics.report(
        `plugins/${plugin}/${path}`,
        call.getStartLineNumber(),
        "hold is called, but the event declares no pending; add: pending: {max_entries: 4096, ttl_ms: 10000}",
      );
    }
  }
}

function hooksOf({ recordName, bindings }: DecoderExpectation): Hook[] {
  const { udpPorts, tcpPorts, ethertypes, ipProtocols, everyPacket } = bindings;
  return [
    {
      name: "decodeDatagram",
      type: `DatagramDecoder<${recordName}>`,
      binding: "udp_ports",
      isBound: udpPorts.length > 0,
    },
    {
      name: "createStreamDecoder",
      type: `StreamDecoderFactory<${recordName}>`,
      binding: "tcp_ports",
      isBound: tcpPorts.length > 0,
    },
    {
      name: "decodeFrame",
      type: `FrameDecoder<${recordName}>`,
      binding: "ethertypes or ip_protocols",
      isBound: ethertypes.length > 0 || ipProtocols.length > 0,
    },
    {
      name: "createPacketObserver",
      type: `PacketObserverFactory<${recordName}>`,
      binding: "every_packet",
      isBound: everyPacket,
    },
  ];
}

function exportedDeclarations(source: SourceFile): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const [name, declarations] of source.getExportedDeclarations()) {
    const [first] = declarations;
    if (first !== undefined) found.set(name, first);
  }
  return found;
}

/** Hooks and tables that come from other files are not found there, so they would be left out of the registry. */
function reportReExports(source: SourceFile, known: readonly Export[], path: string, diagnostics: Diagnostics): void {
  for (const declaration of source.getExportDeclarations()) {
    if (!declaration.hasModuleSpecifier()) continue;
    const line = declaration.getStartLineNumber();
    if (declaration.isTypeOnly() || declaration.getNamespaceExport() !== undefined) continue;
    if (declaration.isNamespaceExport()) {
      diagnostics.report(path, line, "export * hides which hooks the decoder has; declare each hook in this file");
      continue;
    }
    const names = declaration.getNamedExports().map((named) => named.getAliasNode()?.getText() ?? named.getName());
    for (const { name, type } of known) {
      if (!names.includes(name)) continue;
      const problem = `${name} is exported from another file; import it and declare it here: export const ${name}: ${type} = …`;
      diagnostics.report(path, line, problem);
    }
  }
}

function reportMissing(hook: Hook, exported: ReadonlyMap<string, Node>, path: string, diagnostics: Diagnostics): void {
  for (const [name, node] of exported) {
    if (distance(name, hook.name) <= 4) {
      diagnostics.report(path, node.getStartLineNumber(), `${name} is not a hook; did you mean ${hook.name}?`);
      return;
    }
  }
  diagnostics.report(
    path,
    1,
    `exports no ${hook.name}, which ${hook.binding} calls; add: export const ${hook.name}: ${hook.type} = …`,
  );
}

function checkType({ name, type }: Export, declaration: Node, path: string, diagnostics: Diagnostics): void {
  const declared = Node.isVariableDeclaration(declaration) ? declaration.getTypeNode()?.getText() : undefined;
  if (declared !== undefined && withoutSpace(declared) === withoutSpace(type)) return;
  diagnostics.report(
    path,
    declaration.getStartLineNumber(),
    `${name} is ${declared === undefined ? "declared without its type" : `a ${withoutSpace(declared)}`}; declare it as: export const ${name}: ${type} = …`,
  );
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, "");
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
