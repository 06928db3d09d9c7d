/** A decoder's verdict on the bytes it was given; counted for each plugin. */
export const Verdict = {
  /** The bytes are a message of this protocol. */
  Accepted: 0,
  /** The bytes belong to another protocol. */
  NotMine: 1,
  /** The message continues after the captured bytes. */
  Truncated: 2,
  /** The bytes claim to be of this protocol and break its rules. */
  Malformed: 3,
} as const;

export type Verdict = (typeof Verdict)[keyof typeof Verdict];
