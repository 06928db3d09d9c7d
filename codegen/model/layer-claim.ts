/** A number that a decoder of tunnels or link types claims. */
export interface LayerClaim {
  /** Such as `tunnel at UDP port 4789` or `link type 147`; only one decoder of a registry may claim it. */
  readonly name: string;
  /** Path from the project's root. */
  readonly file: string;
  readonly line: number;
}
