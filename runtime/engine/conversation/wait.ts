/** Kinds of conversations that end after times of their own without a packet. */
export const Wait = {
  /** Of every transport but TCP. */
  Datagrams: 0,
  /** TCP of which nothing but SYN was seen. */
  HalfOpen: 1,
  /** TCP that is under way. */
  Established: 2,
  /** TCP that closed, and waits for stragglers. */
  Closed: 3,
} as const;

export type Wait = (typeof Wait)[keyof typeof Wait];

export const WAITS = 4;
