import { TunnelStack } from "./tunnel-stack.js";

/** Maximum number of stored stacks; when it is reached, all are discarded, and the common ones are stored again. */
const MAX_KNOWN = 4096;

/** Shared copies of tunnel stacks, one for all packets with the same tunnels. A copy is never changed. */
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
