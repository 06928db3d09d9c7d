import { existsSync } from "node:fs";
import { join } from "node:path";
import { Node, Project, SyntaxKind } from "ts-morph";
import type { LayerClaim } from "../model/layer-claim.js";

/** Description of a number, by the property of a row that lists it. */
const NAMES: Readonly<Record<string, (value: number) => string>> = {
  udpPorts: (port) => `tunnel at UDP port ${port}`,
  ipProtocols: (protocol) => `tunnel at IP protocol ${protocol}`,
  etherTypes: (type) => `tunnel at Ethernet type 0x${type.toString(16).padStart(4, "0")}`,
  linkTypes: nameOfLinkType,
};

/** The tunnels of the runtime. */
const TUNNELS = "runtime/packet/tunnel/tunnels.ts";
/** The link types of the runtime, each of which has a decoder. */
const LINK_TYPES = "runtime/packet/link-type.ts";

/**
 * The literal numbers in the rows of a table, such as `udpPorts: [4789]`; other expressions are checked when a pipeline is created.
 * `file` is the path of the source from the project's root.
 */
export function readLayerClaims(table: Node, file: string): LayerClaim[] {
  return table.getDescendantsOfKind(SyntaxKind.PropertyAssignment).flatMap((property) => {
    const name = NAMES[property.getName()];
    const numbers = property.getInitializerIfKind(SyntaxKind.ArrayLiteralExpression)?.getElements() ?? [];
    return name === undefined ? [] : numbers.flatMap((number) => claimOf(number, name, file));
  });
}

/** The numbers of the runtime's own tunnels and link types; `root` is the project's folder. */
export function readBuiltInClaims(root: string): LayerClaim[] {
  const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { noLib: true } });
  const sourceOf = (path: string) =>
    existsSync(join(root, path)) ? project.addSourceFileAtPath(join(root, path)) : undefined;
  const tunnels = sourceOf(TUNNELS);
  const linkTypes = sourceOf(LINK_TYPES)?.getDescendantsOfKind(SyntaxKind.PropertyAssignment) ?? [];
  return [
    ...(tunnels === undefined ? [] : readLayerClaims(tunnels, TUNNELS)),
    ...linkTypes.flatMap((property) => claimOf(property.getInitializer(), nameOfLinkType, LINK_TYPES)),
  ];
}

function claimOf(node: Node | undefined, name: (value: number) => string, file: string): LayerClaim[] {
  if (!Node.isNumericLiteral(node)) return [];
  return [{ name: name(node.getLiteralValue()), file, line: node.getStartLineNumber() }];
}

function nameOfLinkType(linkType: number): string {
  return `link type ${linkType}`;
}
