/** What a decoder says of the bytes it was given; counted per plugin. */
export const Verdict = {
  /** The bytes are a message of this protocol. */
  Accepted: 0,
  /** The bytes are another protocol's. */
  NotMine: 1,
  /** The message continues after the captured bytes. */
  Truncated: 2,
  /** The bytes claim to be this protocol's and break its rules. */
  Malformed: 3,
} as const;

export type Verdict = (typeof Verdict)[keyof typeof Verdict];
