import { PROCESS_HASH_KEY } from "../../bytes/hash-key.js";
import type { Packet } from "../../packet/packet.js";
import { SlotOrder } from "../memory/slot-order.js";
import { type ConversationKey, TAG_WORDS } from "./conversation-key.js";
import { ConversationKeys, MAX_AHEAD } from "./conversation-keys.js";
import { type ConversationMemory, SLOT_BYTES, SLOT_WORDS, SlotByte, SlotWord } from "./conversation-memory.js";
import { HalfConversations } from "./half-conversations.js";
import { TagRule } from "./tag-rule.js";
import { WAITS, type Wait } from "./wait.js";

const NONE = -1;
// Constants of this module are inlined by the engine; those of an imported object are looked up at each use.
const WORDS = SLOT_WORDS;
const BYTES = SLOT_BYTES;
const FIRST_NODE = SlotWord.FirstNode;
const TAGS_WORD = SlotWord.Tags;
const KEY_WORD = SlotWord.Key;
const PORTS_WORD = KEY_WORD + 1;
const SECOND_NODE = SlotWord.SecondNode;
const LINKS = SlotWord.Links;
const SEEN = SlotByte.Seen;
/** Up to this number of conversations, reading ahead does not pay: they stay in the CPU caches. */
const MIN_READ_AHEAD = 1024;
/** Maximum number of conversations with one key that are examined to find the one whose opposite direction a packet is. */
const MAX_HALVES = 8;

/** Which directions of a conversation were seen, and whether the second one has other tags than the first. */
const Seen = { Lower: 1, Higher: 2, Both: 3, Retagged: 4 } as const;

/**
 * Conversations by addresses, ports and protocol; both directions share one slot. Slots are numbers below the capacity, by which other
 * parts index their columns.
 *
 * VLANs and tunnels show where a direction was seen, and separate networks that use the same addresses: each direction of a
 * conversation has the tags of its first packet. If only one direction of a conversation was seen, a packet of the opposite direction
 * joins it whatever its tags, as with asymmetric routes, unless a conversation with the same tags exists. See {@link TagRule} for
 * other rules.
 *
 * As long as all packets have the same tags, both directions have the same tags, and no index of half conversations is kept.
 *
 * A slot has two nodes: one for the tags that it began with, and one for the tags of the opposite direction if they differ.
 */
export class ConversationTable {
  /** Slots in use. */
  size = 0;
  /** The packet found last was the first one of its direction and has other tags than the opposite direction. */
  isRetagged = false;
  /** The slots by the times of their last packets, in one list for each kind of {@link Wait}. */
  readonly order: SlotOrder;
  readonly #tagRule: TagRule;
  readonly #mask: number;
  readonly #buckets: Int32Array;
  /** A node is the index of its hash, which is followed by the next node of its bucket. */
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  /** Undefined with another rule, and as long as all packets have the same tags. */
  #halves: HalfConversations | undefined;
  readonly #keys: ConversationKeys;
  /** Key of the packet looked up last. */
  #key: ConversationKey;
  /** The tags that all packets have had so far; unset before the first packet. */
  readonly #onlyTag = new Int32Array(TAG_WORDS);
  #hasOneTag = false;
  /** Hashes of the next packets, and the slots that most likely hold their conversations. */
  readonly #hashesAhead = new Int32Array(MAX_AHEAD);
  readonly #slotsAhead = new Int32Array(MAX_AHEAD);
  /** Receives values that were read ahead, so that the compiler does not remove the reads. */
  readonly #lastRead = new Int32Array(1);

  readonly capacity: number;

  /** `hashKey` is the secret key of its hashes. */
  constructor(memory: ConversationMemory, tagRule: TagRule = TagRule.Join, hashKey: Int32Array = PROCESS_HASH_KEY) {
    const { capacity, words, bytes } = memory;
    this.capacity = capacity;
    this.#tagRule = tagRule;
    this.#keys = new ConversationKeys(tagRule, hashKey);
    this.#key = this.#keys.initial;
    const buckets = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = buckets - 1;
    this.#buckets = new Int32Array(buckets).fill(NONE);
    this.#words = words;
    this.#bytes = bytes;
    this.order = new SlotOrder(capacity, WAITS, { words, stride: WORDS, at: LINKS });
  }

  /** Whether the sender of the packet looked up last is the lower endpoint; distinguishes the two directions. */
  get isFromLower(): boolean {
    return this.#key.isFromLower;
  }

  /**
   * Prefetches the conversations of the first `count` packets. Looked up one by one, each packet would wait for its own cache misses;
   * here the misses overlap. Returns the slots that most likely hold those conversations; undefined if there are few conversations, which
   * stay in the caches anyway.
   */
  readAhead(packets: readonly Packet[], count: number): Int32Array | undefined {
    const hashes = this.#hashesAhead;
    this.#keys.writeAhead(packets, count, hashes);
    if (this.size < MIN_READ_AHEAD) return undefined;
    const slots = this.#slotsAhead;
    const words = this.#words;
    // Each loop reads what the next one needs.
    for (let i = 0; i < count; i++) slots[i] = slotOf(this.#buckets[hashes[i]! & this.#mask]!);
    let read = 0;
    for (let i = 0; i < count; i++) {
      const at = slots[i]! * WORDS;
      read ^= words[at]! ^ words[at + LINKS]!;
    }
    // The order changes the links of the neighbouring slots.
    for (let i = 0; i < count; i++) {
      const older = Math.max(0, this.order.older(slots[i]!));
      const newer = Math.max(0, this.order.newer(slots[i]!));
      read ^= words[older * WORDS + LINKS]! ^ words[newer * WORDS + LINKS]!;
    }
    this.#lastRead[0] = read;
    return slots;
  }

  /** A hash of the packet's protocol, addresses and ports, which differs between the directions of a conversation. */
  directionHash(packet: Readonly<Packet>): number {
    const { keyHash, isFromLower } = this.#keys.of(packet);
    return isFromLower ? keyHash : ~keyHash;
  }

  /** The slot of the packet's conversation, -1 for a new conversation. */
  find(packet: Readonly<Packet>): number {
    this.#key = this.#keys.of(packet);
    const { hash } = this.#key;
    this.isRetagged = false;
    if (this.#halves === undefined && this.#tagRule === TagRule.Join) this.#compareTags();
    let node = this.#buckets[hash & this.#mask]!;
    while (node !== NONE && !this.#isNode(node, hash)) node = this.#words[node + 1]!;
    if (node === NONE) return this.#halves === undefined ? NONE : this.#join(this.#halves);
    const slot = slotOf(node);
    const side = this.isFromLower ? Seen.Lower : Seen.Higher;
    if ((this.#bytes[slot * BYTES + SEEN]! & side) === 0) this.#complete(slot);
    return slot;
  }

  /** Takes a free slot for the conversation that {@link find} has just not found. Requires `size < capacity`. */
  insert(): number {
    const slot = this.order.take();
    this.size++;
    const { words: key, length } = this.#key;
    const words = this.#words;
    const at = slot * WORDS + KEY_WORD;
    for (let i = 0; i < length; i++) words[at + i] = key[i]!;
    this.#keepTags(slot);
    this.#bytes[slot * BYTES + SEEN] = this.isFromLower ? Seen.Lower : Seen.Higher;
    this.#link(slot * WORDS + FIRST_NODE);
    this.#halves?.add(slot, this.#key.keyHash);
    return slot;
  }

  remove(slot: number): void {
    this.#unlink(slot * WORDS + FIRST_NODE);
    const seen = this.#bytes[slot * BYTES + SEEN]!;
    if ((seen & Seen.Retagged) !== 0) this.#unlink(slot * WORDS + SECOND_NODE);
    if ((seen & Seen.Both) !== Seen.Both) this.#halves?.remove(slot);
    this.#bytes[slot * BYTES + SEEN] = 0;
    this.order.free(slot);
    this.size--;
  }

  /** Whether the packet has the addresses, ports and protocol of the conversation in `slot`, whatever its tags. */
  isOf(packet: Readonly<Packet>, slot: number): boolean {
    this.#key = this.#keys.of(packet);
    return this.#bytes[slot * BYTES + SEEN] !== 0 && this.#hasKey(slot);
  }

  /** Sets the ports of a packet without ports, such as a later fragment, to those of the conversation in `slot`. */
  writePorts(packet: Packet, slot: number): void {
    const ports = this.#words[slot * WORDS + PORTS_WORD]!;
    const { isFromLower } = this.#keys.of(packet);
    packet.srcPort = isFromLower ? ports >>> 16 : ports & 0xffff;
    packet.dstPort = isFromLower ? ports & 0xffff : ports >>> 16;
  }

  /** VLANs of a direction that was seen. */
  vlansOf(slot: number, isFromLower: boolean): { vlanId: number; innerVlanId: number } {
    const word = this.#words[tagsAt(slot, isFromLower)]!;
    return { vlanId: word & 0xfff, innerVlanId: word >>> 12 };
  }

  /** Number of conversations in the fullest bucket. */
  get longestChain(): number {
    let longest = 0;
    for (let node of this.#buckets) {
      let length = 0;
      for (; node !== NONE; node = this.#words[node + 1]!) length++;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /** Starts the index of half conversations when the packet has other tags than all packets before it. */
  #compareTags(): void {
    const tag = this.#key.tags;
    const only = this.#onlyTag;
    if (!this.#hasOneTag) {
      only.set(tag);
      this.#hasOneTag = true;
    }
    if (tag[0] === only[0] && tag[1] === only[1] && tag[2] === only[2]) return;
    const halves = new HalfConversations(this.capacity);
    for (let slot = 0; slot < this.capacity; slot++) {
      const seen = this.#bytes[slot * BYTES + SEEN]!;
      if (seen !== 0 && (seen & Seen.Both) !== Seen.Both)
        halves.add(slot, this.#key.hashOf(this.#words, slot * WORDS + KEY_WORD));
    }
    this.#halves = halves;
  }

  /**
   * Joins the packet's direction to the only conversation whose opposite direction was seen with other tags; returns -1 if there is none,
   * or if there are several, as in networks with the same addresses.
   */
  #join(halves: HalfConversations): number {
    let found = NONE;
    let slot = halves.first(this.#key.keyHash);
    for (let tries = 0; slot !== NONE && tries < MAX_HALVES; tries++, slot = halves.next(slot)) {
      const isOpposite = this.#bytes[slot * BYTES + SEEN] === (this.isFromLower ? Seen.Higher : Seen.Lower);
      if (!isOpposite || !this.#hasKey(slot)) continue;
      if (found !== NONE) return NONE;
      found = slot;
    }
    if (found === NONE) return NONE;
    this.#complete(found);
    this.#bytes[found * BYTES + SEEN]! |= Seen.Retagged;
    this.#link(found * WORDS + SECOND_NODE);
    this.isRetagged = true;
    return found;
  }

  /** Marks the packet's direction as seen; the packet is its first. */
  #complete(slot: number): void {
    this.#bytes[slot * BYTES + SEEN] = Seen.Both;
    this.#keepTags(slot);
    this.#halves?.remove(slot);
  }

  /** Whether the packet's tags are those of its direction. */
  #keepTags(slot: number): void {
    const words = this.#words;
    const at = tagsAt(slot, this.isFromLower);
    for (let i = 0; i < TAG_WORDS; i++) words[at + i] = this.#key.tags[i]!;
  }

  #link(node: number): void {
    const bucket = this.#key.hash & this.#mask;
    this.#words[node] = this.#key.hash;
    this.#words[node + 1] = this.#buckets[bucket]!;
    this.#buckets[bucket] = node;
  }

  #unlink(node: number): void {
    const words = this.#words;
    const bucket = words[node]! & this.#mask;
    let at = this.#buckets[bucket]!;
    if (at === node) this.#buckets[bucket] = words[node + 1]!;
    else {
      while (words[at + 1] !== node) at = words[at + 1]!;
      words[at + 1] = words[node + 1]!;
    }
  }

  /** Whether the node, found by this hash, is of a conversation with the packet's key whose direction has the packet's tags or was not seen. */
  #isNode(node: number, hash: number): boolean {
    if (this.#words[node] !== hash) return false;
    const slot = slotOf(node);
    if (!this.#hasKey(slot)) return false;
    const side = this.isFromLower ? Seen.Lower : Seen.Higher;
    const isSeen = (this.#bytes[slot * BYTES + SEEN]! & side) !== 0;
    return this.#equalTags(tagsAt(slot, this.isFromLower === isSeen));
  }

  #equalTags(at: number): boolean {
    const words = this.#words;
    const tag = this.#key.tags;
    return words[at] === tag[0] && words[at + 1] === tag[1] && words[at + 2] === tag[2];
  }

  #hasKey(slot: number): boolean {
    const { words: key, length } = this.#key;
    const words = this.#words;
    const at = slot * WORDS + KEY_WORD;
    for (let i = 0; i < length; i++) if (words[at + i] !== key[i]) return false;
    return true;
  }
}

function slotOf(node: number): number {
  return (node / WORDS) | 0;
}

function tagsAt(slot: number, isLower: boolean): number {
  return slot * WORDS + TAGS_WORD + (isLower ? 0 : TAG_WORDS);
}
