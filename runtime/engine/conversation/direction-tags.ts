import { KeptTunnels } from "../../packet/kept-tunnels.js";
import { TunnelStack } from "../../packet/tunnel-stack.js";

/** VLANs and tunnels that packets were seen in. */
export interface Tags {
  readonly vlanId: number;
  readonly innerVlanId: number;
  readonly tunnels: TunnelStack;
}

/** Those of a conversation's two directions, of which one begins at the lower endpoint. */
export interface BothTags {
  readonly lower: Tags;
  readonly higher: Tags;
}

const NO_TUNNELS = new TunnelStack(0);

/** The tags of directions by slot, of the few conversations where they differ; and those of first directions that are in tunnels. */
export class DirectionTags {
  readonly #capacity: number;
  readonly #both = new Map<number, BothTags>();
  readonly #kept = new KeptTunnels();
  /** Tunnels of first directions, by slot, once there was one in a tunnel. */
  #tunnelled: (TunnelStack | undefined)[] | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** A conversation begins with a packet in a tunnel. */
  begin(slot: number, { tunnels }: Tags): void {
    this.#tunnelled ??= new Array<undefined>(this.#capacity).fill(undefined);
    this.#tunnelled[slot] = this.#kept.keep(tunnels);
  }

  /** The direction of the packet that has `tags` is seen for the first time; the opposite one, with `vlans`, has others. */
  join(slot: number, tags: Tags, isFromLower: boolean, vlans: Pick<Tags, "vlanId" | "innerVlanId">): void {
    const { vlanId, innerVlanId } = tags;
    const tunnels = tags.tunnels.depth === 0 ? NO_TUNNELS : this.#kept.keep(tags.tunnels);
    const first = { ...vlans, tunnels: this.#tunnelled?.[slot] ?? NO_TUNNELS };
    const second = { vlanId, innerVlanId, tunnels };
    this.#both.set(slot, isFromLower ? { lower: second, higher: first } : { lower: first, higher: second });
  }

  /** The tags of both directions, undefined where they are the same, or one was not seen. */
  get(slot: number): BothTags | undefined {
    return this.#both.size === 0 ? undefined : this.#both.get(slot);
  }

  /** The slot is another conversation's. */
  forget(slot: number): void {
    if (this.#both.size > 0) this.#both.delete(slot);
    if (this.#tunnelled !== undefined) this.#tunnelled[slot] = undefined;
  }
}
