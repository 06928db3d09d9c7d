/** A number that a decoder of tunnels or link types is for. */
export interface LayerClaim {
  /** Such as `tunnel at UDP port 4789` or `link type 147`; one decoder of a registry may have it. */
  readonly name: string;
  /** Path from the project's root. */
  readonly file: string;
  readonly line: number;
}
