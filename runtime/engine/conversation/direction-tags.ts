import { KeptTunnels } from "../../packet/kept-tunnels.js";
import { TunnelStack } from "../../packet/tunnel-stack.js";

/** VLANs and tunnels of a packet. */
export interface Tags {
  readonly vlanId: number;
  readonly innerVlanId: number;
  readonly tunnels: TunnelStack;
}

/** Tags of a conversation's two directions, the one from the lower endpoint and the one from the higher endpoint. */
export interface BothTags {
  readonly lower: Tags;
  readonly higher: Tags;
}

const NO_TUNNELS = new TunnelStack(0);

/** Tags of directions by slot, for the few conversations whose directions differ, and tunnels of first directions. */
export class DirectionTags {
  readonly #capacity: number;
  readonly #both = new Map<number, BothTags>();
  readonly #kept = new KeptTunnels();
  /** Tunnels of first directions, by slot; created at the first packet in a tunnel. */
  #tunnelled: (TunnelStack | undefined)[] | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Records the tunnels of a conversation that begins with a packet in a tunnel. */
  begin(slot: number, { tunnels }: Tags): void {
    this.#tunnelled ??= new Array<undefined>(this.#capacity).fill(undefined);
    this.#tunnelled[slot] = this.#kept.keep(tunnels);
  }

  /** Records the first packet of a direction with `tags`; the opposite direction, with `vlans`, has others. */
  join(slot: number, tags: Tags, isFromLower: boolean, vlans: Pick<Tags, "vlanId" | "innerVlanId">): void {
    const { vlanId, innerVlanId } = tags;
    const tunnels = tags.tunnels.depth === 0 ? NO_TUNNELS : this.#kept.keep(tags.tunnels);
    const first = { ...vlans, tunnels: this.#tunnelled?.[slot] ?? NO_TUNNELS };
    const second = { vlanId, innerVlanId, tunnels };
    this.#both.set(slot, isFromLower ? { lower: second, higher: first } : { lower: first, higher: second });
  }

  /** The tags of both directions; undefined if they are equal, or if one direction was not seen. */
  get(slot: number): BothTags | undefined {
    return this.#both.size === 0 ? undefined : this.#both.get(slot);
  }

  /** Clears the slot for another conversation. */
  forget(slot: number): void {
    if (this.#both.size > 0) this.#both.delete(slot);
    if (this.#tunnelled !== undefined) this.#tunnelled[slot] = undefined;
  }
}
