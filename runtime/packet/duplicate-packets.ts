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
/** Indexes, in the secret of the process, of words that the keys of conversations do not use. */
const IDENTIFICATION_SECRET = 16;
const LENGTH_SECRET = 17;
/** Secret of content hashes, one word per hashed word. */
const CONTENT_SECRET = crypto.getRandomValues(new Int32Array(2 * PART_WORDS));
/** What is kept of a packet, as words of its place, after the {@link PLACE_WORDS} first ones; the time takes two words. */
const WORDS = 8;
const Word = { TimeHigh: 2, TimeLow: 3, Identification: 4, Content: 5, Extent: 6, Conversation: 7 } as const;
const { TimeHigh, TimeLow, Identification, Content, Extent, Conversation } = Word;

/**
 * Recognises packets that were captured more than once, by what routers, bridges and mirrored ports do not change: addresses, IP identification
 * and fragment offset, length, and the content from the transport header on (of TCP the header, whose checksum covers the data, and 8 bytes of these). VLANs, tunnels
 * and the interface may differ, unless the rule is {@link TagRule.Strict}.
 *
 * Contents are compared by hashes alone, so that the result does not depend on how packets are divided into batches. Two given contents collide
 * with a probability of at most 2^-16 (see hash-key.ts); of a long one only {@link PART_WORDS} words at each end count.
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
    let extent = length;
    const content =
      packet.ipProtocol === TCP && packet.fragmentOffset === 0 && length >= TCP_HEADER_BYTES
        ? hashSegment(view, start, length)
        : hashContent(view, start, length);
    let identification = packet.fragmentIdentification;
    if (packet.ipVersion === 4) {
      // A fragment's offset is in the second half.
      identification = view.getInt32(networkStart + 4);
    } else if (packet.isFragment) {
      // The fragment's offset and whether more follow, above the length.
      extent |= ((packet.fragmentOffset >> 2) | (packet.hasMoreFragments ? 1 : 0)) << LENGTH_BITS;
    }
    if (this.#tagRule === TagRule.Strict) identification = (identification + this.#tagsOf(packet)) | 0;
    const hash = finishHash(
      (directionHash +
        content +
        hashWord(identification, PROCESS_HASH_KEY[IDENTIFICATION_SECRET]!) +
        hashWord(extent, PROCESS_HASH_KEY[LENGTH_SECRET]!)) |
        0,
    );
    // Timestamps, not arrivals: a wrong clock stamps both alike.
    const { high, low } = packet.time;
    const places = this.#places;
    const words = this.#words;
    let place = places.find(hash);
    for (let similar = 0; place !== -1 && similar < MAX_SIMILAR; similar++) {
      const at = place * WORDS;
      if (
        Math.abs((high - (words[at + TimeHigh]! >>> 0)) * TWO_32 + (low - (words[at + TimeLow]! >>> 0))) <= window &&
        words[at + Identification] === identification &&
        words[at + Extent] === extent &&
        words[at + Content] === content
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
    words[at + Identification] = identification;
    words[at + Content] = content;
    words[at + Extent] = extent;
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
}

/** A hash of the header, without its ports, and the first data of the TCP segment `view[start, start + length)`. */
function hashSegment(view: DataView, start: number, length: number): number {
  const secret = CONTENT_SECRET;
  let sum =
    hashWord(view.getInt32(start + 4), secret[0]!) +
    hashWord(view.getInt32(start + 8), secret[1]!) +
    hashWord(view.getInt32(start + 12), secret[2]!) +
    hashWord(view.getInt32(start + 16), secret[3]!);
  const end = Math.min(length & ~3, (view.getUint8(start + 12) >> 4) * 4 + TCP_DATA_BYTES);
  for (let at = TCP_HEADER_BYTES; at < end; at += 4) {
    sum += hashWord(view.getInt32(start + at), secret[at >> 2]!);
  }
  return sum | 0;
}

/** A hash of the content `view[start, start + length)`, of a long one of {@link PART_WORDS} words at its front and at its end. */
function hashContent(view: DataView, start: number, length: number): number {
  const words = length >> 2;
  let sum = 0;
  if (words > 2 * PART_WORDS) {
    const end = start + length - PART_WORDS * 4;
    for (let i = 0; i < PART_WORDS; i++) {
      sum = (sum + hashWord(view.getInt32(start + i * 4), CONTENT_SECRET[i]!)) | 0;
      sum = (sum + hashWord(view.getInt32(end + i * 4), CONTENT_SECRET[PART_WORDS + i]!)) | 0;
    }
    return sum;
  }
  for (let i = 0; i < words; i++) sum = (sum + hashWord(view.getInt32(start + i * 4), CONTENT_SECRET[i]!)) | 0;
  // The last bytes are not a whole word.
  if ((length & 3) !== 0) {
    sum = (sum + hashWord(view.getInt32(start + length - 4), CONTENT_SECRET[2 * PART_WORDS - 1]!)) | 0;
  }
  return sum;
}
