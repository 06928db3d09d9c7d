/** An endpoint of a conversation: its address, IPv4 where that is mapped into IPv6, and its port. */
export function endpointOf(address: unknown, port: unknown): string {
  return `${String(address).replace(/^::ffff:(?=[\d.]+$)/, "")} ${port}`;
}

/** The same for both directions of a conversation between two endpoints. */
export function conversationKey(transport: string, one: string, other: string): string {
  return `${transport} ${one < other ? `${one} ${other}` : `${other} ${one}`}`;
}
