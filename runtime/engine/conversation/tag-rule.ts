/** How VLANs and tunnels distinguish conversations of the same addresses, ports and protocol. */
export const TagRule = {
  /**
   * Each direction has its own tags; a packet of the opposite direction joins a conversation of which one direction was seen, whatever its
   * tags.
   */
  Join: 0,
  /** Tags do not distinguish conversations. */
  Ignore: 1,
  /** Both directions have the same tags. */
  Strict: 2,
} as const;

export type TagRule = (typeof TagRule)[keyof typeof TagRule];
