import type { Packet } from "../../packet/packet.js";
import { ConversationKey } from "./conversation-key.js";
import type { TagRule } from "./tag-rule.js";

/** Packets whose keys are written ahead at most. */
export const MAX_AHEAD = 16;

const NONE = -1;

/** Keys of packets, most of which are written some packets ahead, together. */
export class ConversationKeys {
  readonly #ahead: readonly ConversationKey[];
  readonly #own: ConversationKey;

  /** `hashKey` is the secret of the hashes. */
  constructor(tagRule: TagRule, hashKey: Int32Array) {
    this.#own = new ConversationKey(tagRule, hashKey);
    this.#ahead = Array.from({ length: MAX_AHEAD }, () => new ConversationKey(tagRule, hashKey));
  }

  /** The key of a table that has looked up no packet yet. */
  get initial(): ConversationKey {
    return this.#own;
  }

  /** Writes the keys of the first `count` packets, {@link MAX_AHEAD} at most, and their hashes. Those written ahead before are forgotten. */
  writeAhead(packets: readonly Packet[], count: number, hashes: Int32Array): void {
    for (let i = 0; i < count; i++) {
      const packet = packets[i]!;
      // A fragment becomes a datagram with ports when the others are there.
      packet.keyIndex = packet.isFragment ? NONE : i;
      hashes[i] = this.#ahead[i]!.write(packet);
    }
  }

  /** The key of a packet; valid until that of the next one is asked for. */
  of(packet: Readonly<Packet>): ConversationKey {
    const { keyIndex } = packet;
    if (keyIndex !== NONE) return this.#ahead[keyIndex]!;
    this.#own.write(packet);
    return this.#own;
  }
}
