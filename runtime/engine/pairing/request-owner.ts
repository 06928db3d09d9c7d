/** {@link RequestOwner.newestRequest} of one without requests. */
export const NO_REQUEST = -1;

/** What open requests belong to that end with it: a TCP connection. */
export interface RequestOwner {
  /** The newest one of its open requests, as the table that holds them numbers them. */
  newestRequest: number;
  /** The oldest one. */
  oldestRequest: number;
  /** How often bytes were lost in which responses may have been; a request that sees it grow may have been answered there. */
  readonly losses: number;
  /** Its packets that were captured again since its last row. */
  copies: number;
}
