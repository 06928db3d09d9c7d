/** Value of {@link RequestOwner.newestRequest} for an owner without requests. */
export const NO_REQUEST = -1;

/** Owner of open requests that end with it: a TCP connection. */
export interface RequestOwner {
  /** The newest of its open requests, by slot in the table. */
  newestRequest: number;
  /** The oldest of its open requests. */
  oldestRequest: number;
  /** Number of losses that may have contained responses; a request that was open when it grew may have been answered there. */
  readonly losses: number;
  /** Number of its packets that were captured again since its last row. */
  copies: number;
}
