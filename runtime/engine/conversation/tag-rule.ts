/** How VLANs and tunnels distinguish conversations of the same addresses, ports and protocol. */
export const TagRule = {
  /** By the tags of each direction; the opposite direction of a conversation of which one was seen joins it whatever its tags. */
  Join: 0,
  /** Not at all. */
  Ignore: 1,
  /** Both directions have the same tags. */
  Strict: 2,
} as const;

export type TagRule = (typeof TagRule)[keyof typeof TagRule];
