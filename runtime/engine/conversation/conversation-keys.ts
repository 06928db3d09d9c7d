import type { Packet } from "../../packet/packet.js";
import { ConversationKey } from "./conversation-key.js";
import type { TagRule } from "./tag-rule.js";

/** Maximum number of packets whose keys are written ahead. */
export const MAX_AHEAD = 16;

const NONE = -1;

/** Keys of packets; most are written ahead for several packets at once. */
export class ConversationKeys {
  readonly #ahead: readonly ConversationKey[];
  readonly #own: ConversationKey;

  /** `hashKey` is the secret key of the hashes. */
  constructor(tagRule: TagRule, hashKey: Int32Array) {
    this.#own = new ConversationKey(tagRule, hashKey);
    this.#ahead = Array.from({ length: MAX_AHEAD }, () => new ConversationKey(tagRule, hashKey));
  }

  /** The key of a table that has not looked up a packet yet. */
  get initial(): ConversationKey {
    return this.#own;
  }

  /** Writes the keys and hashes of the first `count` packets, at most {@link MAX_AHEAD}. Discards keys written ahead before. */
  writeAhead(packets: readonly Packet[], count: number, hashes: Int32Array): void {
    for (let i = 0; i < count; i++) {
      const packet = packets[i]!;
      // The ports of a fragment are known only after reassembly.
      packet.keyIndex = packet.isFragment ? NONE : i;
      hashes[i] = this.#ahead[i]!.write(packet);
    }
  }

  /** The key of a packet; valid until the next call. */
  of(packet: Readonly<Packet>): ConversationKey {
    const { keyIndex } = packet;
    if (keyIndex !== NONE) return this.#ahead[keyIndex]!;
    this.#own.write(packet);
    return this.#own;
  }
}
