import { TunnelStack } from "./tunnel-stack.js";

/** Stacks that are known at most: of a network with more of them the common ones are. */
const MAX_KNOWN = 4096;

/** Copies of tunnel stacks, one for all packets that came in the same tunnels. Nothing in a copy is changed. */
export class KeptTunnels {
  readonly #known = new Map<number, TunnelStack>();

  /** A copy of the stack. */
  keep(tunnels: TunnelStack): TunnelStack {
    const hash = tunnels.hash();
    const known = this.#known.get(hash);
    if (known?.equals(tunnels)) return known;
    const copy = new TunnelStack(tunnels.depth);
    copy.copy(tunnels);
    if (this.#known.size === MAX_KNOWN) this.#known.clear();
    this.#known.set(hash, copy);
    return copy;
  }
}
