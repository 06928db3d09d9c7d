import { TagRule } from "../conversation/tag-rule.js";
import { finishHash, hashWord, PROCESS_HASH_KEY } from "../wire/hash-key.js";
import { TWO_32 } from "../wire/nanoseconds-between.js";
import { type PLACE_WORDS, RecentPlaces } from "../wire/recent-places.js";
import { IpProtocol } from "./ip-protocol.js";
import { NO_CONVERSATION, type Packet } from "./packet.js";

const NONE = -1;
const TCP = IpProtocol.Tcp;
/** Packets that are remembered: as many as come in a moment. */
const PLACES = 4096;
/** Packets of one hash that are compared. */
const MAX_SIMILAR = 4;
/** Words hashed at each end of a long content. */
const PART_WORDS = 64;
/** Of a TCP header without options. */
const TCP_HEADER_BYTES = 20;
/** Data of a TCP segment that are compared: they are in the caches with its header. */
const TCP_DATA_BYTES = 8;
/** Bits of the length; above them is a fragment's place in its IPv6 datagram. */
const LENGTH_BITS = 17;
/** Indexes of the identification and the length among the words that are hashed: after those of the content. */
const IDENTIFICATION = 2 * PART_WORDS;
const EXTENT = IDENTIFICATION + 1;
/** Secrets of the two hashes, one word per hashed word. */
const CONTENT_SECRET = crypto.getRandomValues(new Int32Array(EXTENT + 1));
const CHECK_SECRET = crypto.getRandomValues(new Int32Array(EXTENT + 1));
/** What is kept of a packet, as words of its place, after the {@link PLACE_WORDS} first ones; the time takes two words. */
const WORDS = 8;
const Word = { TimeHigh: 2, TimeLow: 3, Content: 4, Check: 5, Conversation: 6 } as const;
const { TimeHigh, TimeLow, Content, Check, Conversation } = Word;

/**
 * Recognises packets that were captured more than once, by what routers, bridges and mirrored ports do not change: addresses, IP identification
 * and fragment offset, length, and the content from the transport header on (of TCP the header, whose checksum covers the data, and 8 bytes of
 * these). VLANs, tunnels and the interface may differ, unless the rule is {@link TagRule.Strict}.
 *
 * Contents are compared by hashes alone, so that the result does not depend on how packets are divided into batches. There are two of them, with
 * secrets of their own: of one, contents of a certain structure, such as all segments of 64 KiB of a stream, collide together with a probability of
 * 2^-16 (see hash-key.ts), of both with 2^-32. Of a long content only {@link PART_WORDS} words at each end count.
 */
export class DuplicatePackets {
  /** How many were captured again. */
  count = 0;
  readonly #windowNanoseconds: number;
  readonly #tagRule: TagRule;
  /** Two words of the tunnels of a packet. */
  readonly #network = new Int32Array(2);
  readonly #places = new RecentPlaces(PLACES, WORDS);
  /** {@link Word}s by place. */
  readonly #words = this.#places.words;
  /** Reads whole words; reading them byte by byte takes twice as long. */
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** The two hashes of the packet at hand. */
  #content = 0;
  #check = 0;
  /** Place of the packet that {@link isCopy} was last called with, {@link NONE} where it is not remembered. */
  #place = NONE;

  /**
   * A packet is the same one as another if their times are within `windowMicroseconds`; 0 for never. By {@link TagRule.Strict} it is not
   * in another VLAN or tunnel.
   */
  constructor(windowMicroseconds: number, tagRule: TagRule) {
    this.#windowNanoseconds = windowMicroseconds * 1000;
    this.#tagRule = tagRule;
  }

  /** The packets that follow are in `bytes`. */
  startBatch(bytes: Uint8Array): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * True where the packet, whose layers are decoded, was seen a moment ago; otherwise it is remembered. `directionHash` is a hash of its
   * protocol, addresses and ports.
   */
  isCopy(packet: Readonly<Packet>, directionHash: number): boolean {
    this.#place = NONE;
    const window = this.#windowNanoseconds;
    if (window === 0) return false;
    const { networkStart } = packet;
    const view = this.#view;
    const start = packet.transportStart === 0 ? networkStart : packet.transportStart;
    const length = packet.networkEnd - start;
    if (length < 4) return false;
    this.#content = 0;
    this.#check = 0;
    if (packet.ipProtocol === TCP && packet.fragmentOffset === 0 && length >= TCP_HEADER_BYTES) {
      this.#addSegment(start, length);
    } else this.#addContent(start, length);
    let identification = packet.fragmentIdentification;
    let extent = length;
    if (packet.ipVersion === 4) {
      // A fragment's offset is in the second half.
      identification = view.getInt32(networkStart + 4);
    } else if (packet.isFragment) {
      // The fragment's offset and whether more follow, above the length.
      extent |= ((packet.fragmentOffset >> 2) | (packet.hasMoreFragments ? 1 : 0)) << LENGTH_BITS;
    }
    if (this.#tagRule === TagRule.Strict) identification = (identification + this.#tagsOf(packet)) | 0;
    this.#add(identification, IDENTIFICATION);
    this.#add(extent, EXTENT);
    const content = this.#content;
    const check = this.#check;
    const hash = finishHash((directionHash + content) | 0);
    // Timestamps, not arrivals: a wrong clock stamps both alike.
    const { high, low } = packet.time;
    const places = this.#places;
    const words = this.#words;
    let place = places.find(hash);
    for (let similar = 0; place !== -1 && similar < MAX_SIMILAR; similar++) {
      const at = place * WORDS;
      if (
        Math.abs((high - (words[at + TimeHigh]! >>> 0)) * TWO_32 + (low - (words[at + TimeLow]! >>> 0))) <= window &&
        words[at + Content] === content &&
        words[at + Check] === check
      ) {
        this.#place = place;
        this.count++;
        return true;
      }
      place = places.findAfter(place, hash);
    }
    place = places.add(hash);
    this.#place = place;
    const at = place * WORDS;
    words[at + TimeHigh] = high;
    words[at + TimeLow] = low;
    words[at + Content] = content;
    words[at + Check] = check;
    words[at + Conversation] = NO_CONVERSATION;
    return false;
  }

  /** Conversation of the packet that {@link isCopy} was last called with, when it came first; {@link NO_CONVERSATION} where it had none. */
  get conversation(): number {
    return this.#words[this.#place * WORDS + Conversation]!;
  }

  /** The packet that {@link isCopy} has just remembered belongs to this conversation. */
  set conversation(slot: number) {
    if (this.#place !== NONE) this.#words[this.#place * WORDS + Conversation] = slot;
  }

  /** A hash of the VLANs and tunnels that a packet is in. */
  #tagsOf({ vlanId, innerVlanId, tunnels }: Readonly<Packet>): number {
    const vlans = hashWord(vlanId | (innerVlanId << 12), PROCESS_HASH_KEY[0]!);
    if (tunnels.depth === 0) return vlans;
    tunnels.writeNetwork(this.#network, 0);
    return vlans + this.#network[0]!;
  }

  /** Hashes a word that has this index among those that are hashed. */
  #add(word: number, index: number): void {
    this.#content = (this.#content + hashWord(word, CONTENT_SECRET[index]!)) | 0;
    this.#check = (this.#check + hashWord(word, CHECK_SECRET[index]!)) | 0;
  }

  /** Hashes `count` words from `start` on, the first of which has the index `first`. */
  #addWords(start: number, count: number, first: number): void {
    const view = this.#view;
    let content = this.#content;
    let check = this.#check;
    for (let i = 0; i < count; i++) {
      const word = view.getInt32(start + i * 4);
      content = (content + hashWord(word, CONTENT_SECRET[first + i]!)) | 0;
      check = (check + hashWord(word, CHECK_SECRET[first + i]!)) | 0;
    }
    this.#content = content;
    this.#check = check;
  }

  /** Hashes the header, without its ports, and the first data of a TCP segment of `length` bytes. */
  #addSegment(start: number, length: number): void {
    const end = Math.min(length, (this.#view.getUint8(start + 12) >> 4) * 4 + TCP_DATA_BYTES);
    this.#addWords(start + 4, Math.max(4, (end >> 2) - 1), 0);
  }

  /** Hashes a content of `length` bytes, of a long one {@link PART_WORDS} words at its front and at its end. */
  #addContent(start: number, length: number): void {
    const words = length >> 2;
    if (words > 2 * PART_WORDS) {
      this.#addWords(start, PART_WORDS, 0);
      this.#addWords(start + length - PART_WORDS * 4, PART_WORDS, PART_WORDS);
      return;
    }
    this.#addWords(start, words, 0);
    // The last bytes are not a whole word.
    if ((length & 3) !== 0) this.#add(this.#view.getInt32(start + length - 4), 2 * PART_WORDS - 1);
  }
}
