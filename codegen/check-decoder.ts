import { existsSync } from "node:fs";
import { join } from "node:path";
import { distance } from "fastest-levenshtein";
import { Node, Project, type SourceFile } from "ts-morph";
import type { Diagnostics } from "./diagnostics.js";

/** What a decoder file is checked against. */
export interface DecoderExpectation {
  readonly root: string;
  readonly plugin: string;
  readonly recordName: string;
  readonly udpPorts: readonly number[];
  readonly ethertypes: readonly number[];
  readonly ipProtocols: readonly number[];
  readonly everyPacket: boolean;
  readonly tcpPorts: readonly number[];
}

/** A hook by its export name: the type it is declared with and the binding that calls it. */
interface Hook {
  readonly name: string;
  readonly type: string;
  readonly binding: string;
  readonly isBound: boolean;
}

/**
 * Checks that `decoder.ts` exports each hook that the event's bindings call, declared with the hook's type for this
 * event's record, and no hook that nothing calls.
 */
export function checkDecoder(
  expected: DecoderExpectation,
  protoPath: string,
  protoLine: number,
  diagnostics: Diagnostics,
): { hasProbe: boolean } {
  const path = `plugins/${expected.plugin}/decoder.ts`;
  const absolute = join(expected.root, path);
  const hooks = hooksOf(expected);
  if (hooks.every((hook) => !hook.isBound)) {
    diagnostics.report(
      protoPath,
      protoLine,
      "the event is bound to no traffic; give it udp_ports, tcp_ports, ethertypes, ip_protocols or every_packet",
    );
  }
  if (!existsSync(absolute)) {
    diagnostics.report(
      path,
      1,
      `is missing; it exports ${hooks.find((hook) => hook.isBound)?.name ?? "the plugin's hooks"}`,
    );
    return { hasProbe: false };
  }
  const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { noLib: true } });
  const source = project.addSourceFileAtPath(absolute);
  const exported = exportedDeclarations(source);

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
    const isBound = expected.udpPorts.length > 0 || expected.tcpPorts.length > 0;
    if (!isBound) {
      diagnostics.report(path, probe.getStartLineNumber(), `probe is exported, but the event declares no ${binding}`);
    } else checkType({ name: "probe", type: "Probe", binding, isBound }, probe, path, diagnostics);
  }
  return { hasProbe: probe !== undefined };
}

function hooksOf({ recordName, udpPorts, tcpPorts, ethertypes, ipProtocols, everyPacket }: DecoderExpectation): Hook[] {
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

function checkType(hook: Hook, declaration: Node, path: string, diagnostics: Diagnostics): void {
  const declared = Node.isVariableDeclaration(declaration)
    ? declaration.getTypeNode()?.getText().replace(/\s+/g, "")
    : undefined;
  if (declared === hook.type) return;
  diagnostics.report(
    path,
    declaration.getStartLineNumber(),
    `${hook.name} is ${declared === undefined ? "declared without its type" : `a ${declared}`}; declare it as: export const ${hook.name}: ${hook.type} = …`,
  );
}
