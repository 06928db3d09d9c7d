/** Kinds of conversations with separate idle timeouts. */
export const Wait = {
  /** Every transport except TCP. */
  Datagrams: 0,
  /** TCP with only SYNs seen. */
  HalfOpen: 1,
  /** Established TCP. */
  Established: 2,
  /** Closed TCP that waits for stragglers. */
  Closed: 3,
} as const;

export type Wait = (typeof Wait)[keyof typeof Wait];

export const WAITS = 4;
