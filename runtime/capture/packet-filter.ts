/** A filter expression (pcap-filter(7)), or a function of the link type; an empty expression passes everything. */
export type PacketFilter = string | ((linkType: number) => string);

/** The expression for frames of a link type. */
export function expressionFor(filter: PacketFilter, linkType: number): string {
  return typeof filter === "string" ? filter : filter(linkType);
}
