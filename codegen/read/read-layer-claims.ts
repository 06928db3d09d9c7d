import { existsSync } from "node:fs";
import { join } from "node:path";
import { Node, Project, type PropertyAssignment, SyntaxKind, type VariableDeclaration } from "ts-morph";
import type { LayerClaim } from "../model/layer-claim.js";
import type { Diagnostics } from "./diagnostics.js";

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
  return numberLists(table).flatMap(({ property, describe }) => {
    const numbers = property.getInitializerIfKind(SyntaxKind.ArrayLiteralExpression)?.getElements() ?? [];
    return numbers.flatMap((number) => claimOf(number, describe, file));
  });
}

/** Reports a table that is not a list of rows, and numbers of a row that are not a list of numbers, as far as the source text shows it. */
export function checkLayerTable(table: VariableDeclaration, file: string, diagnostics: Diagnostics): void {
  const name = table.getName();
  const fail = (node: Node, text: string) => diagnostics.report(file, node.getStartLineNumber(), text);
  const list = plainValue(table.getInitializer());
  if (!mayBeList(list)) fail(table, `${name} is not a list; write its rows in brackets: [{ … }]`);
  for (const row of elementsOf(list)) {
    if (!Node.isObjectLiteralExpression(row) && isLiteral(row))
      fail(row, `${name}: ${row.getText()} is not a row; write { … }`);
  }
  for (const { name: property, property: assignment } of numberLists(table)) {
    const numbers = plainValue(assignment.getInitializer());
    if (!mayBeList(numbers))
      fail(assignment, `${name}: ${property} is not a list; write its numbers in brackets, such as [1]`);
    for (const number of elementsOf(numbers)) {
      if (!Node.isNumericLiteral(number) && isLiteral(number))
        fail(number, `${name}: ${property} has ${number.getText()}, which is not a number from 0`);
    }
  }
}

/** The properties below a table whose values are lists of numbers. */
function numberLists(
  table: Node,
): { readonly name: string; readonly property: PropertyAssignment; readonly describe: (value: number) => string }[] {
  return table.getDescendantsOfKind(SyntaxKind.PropertyAssignment).flatMap((property) => {
    const name = property.getName();
    return Object.hasOwn(NAMES, name) ? [{ name, property, describe: NAMES[name]! }] : [];
  });
}

/** An expression without parentheses and types, such as `[1]` of `([1] as const)`. */
function plainValue(node: Node | undefined): Node | undefined {
  return Node.isAsExpression(node) || Node.isSatisfiesExpression(node) || Node.isParenthesizedExpression(node)
    ? plainValue(node.getExpression())
    : node;
}

function elementsOf(list: Node | undefined): Node[] {
  if (!Node.isArrayLiteralExpression(list)) return [];
  return list.getElements().map((element) => plainValue(element)!);
}

/** Whether an expression is a list, or one whose value the source text does not show. */
function mayBeList(node: Node | undefined): boolean {
  return Node.isArrayLiteralExpression(node) || (node !== undefined && !isLiteral(node));
}

/** Whether an expression shows its value. */
function isLiteral(node: Node): boolean {
  return (
    Node.isLiteralExpression(node) ||
    Node.isTrueLiteral(node) ||
    Node.isFalseLiteral(node) ||
    Node.isNullLiteral(node) ||
    Node.isObjectLiteralExpression(node) ||
    Node.isArrayLiteralExpression(node) ||
    Node.isArrowFunction(node) ||
    Node.isFunctionExpression(node) ||
    Node.isPrefixUnaryExpression(node) ||
    Node.isTemplateExpression(node) ||
    node.getText() === "undefined"
  );
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
