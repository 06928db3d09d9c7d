import { TunnelStack } from "../packet/tunnel-stack.js";

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

/** Takes a copy of a packet's tags. */
export function copyTags({ vlanId, innerVlanId, tunnels }: Tags): Tags {
  const copy = new TunnelStack();
  if (tunnels.depth > 0) copy.copy(tunnels);
  return { vlanId, innerVlanId, tunnels: copy };
}

/** The tags of directions by slot, of the few conversations where they differ; and those of first directions that are in tunnels. */
export class DirectionTags {
  readonly #both = new Map<number, BothTags>();
  readonly #tunnelled = new Map<number, Tags>();

  /** A conversation begins with a packet in a tunnel. */
  begin(slot: number, tags: Tags): void {
    this.#tunnelled.set(slot, copyTags(tags));
  }

  /** The direction of the packet that has `tags` is seen for the first time; the opposite one, with `vlans`, has others. */
  join(slot: number, tags: Tags, isFromLower: boolean, vlans: Pick<Tags, "vlanId" | "innerVlanId">): void {
    const first = this.#tunnelled.get(slot) ?? { ...vlans, tunnels: new TunnelStack() };
    const second = copyTags(tags);
    this.#both.set(slot, isFromLower ? { lower: second, higher: first } : { lower: first, higher: second });
  }

  /** The tags of both directions, undefined where they are the same, or one was not seen. */
  get(slot: number): BothTags | undefined {
    return this.#both.size === 0 ? undefined : this.#both.get(slot);
  }

  /** The slot is another conversation's. */
  forget(slot: number): void {
    if (this.#both.size > 0) this.#both.delete(slot);
    if (this.#tunnelled.size > 0) this.#tunnelled.delete(slot);
  }
}
