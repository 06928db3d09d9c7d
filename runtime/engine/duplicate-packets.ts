import { finishHash, hashWord, PROCESS_HASH_KEY } from "../bytes/hash-key.js";
import { IpProtocol } from "../packet/ip-protocol.js";
import { NO_CONVERSATION, type Packet } from "../packet/packet.js";
import { TWO_32 } from "../record/nanoseconds-between.js";
import { TagRule } from "./conversation/tag-rule.js";
import { type PLACE_WORDS, RecentPlaces } from "./memory/recent-places.js";

const NONE = -1;
const TCP = IpProtocol.Tcp;
/** Number of remembered packets: as many as arrive within the window at a high rate. */
const PLACES = 4096;
/** Maximum number of packets of one hash that are compared. */
const MAX_SIMILAR = 4;
/** Number of words compared at each end of a long content. */
const PART_WORDS = 64;
/** Number of words of a content that are stored unchanged; the others are stored as one hash. */
const KEPT_WORDS = 6;
/** Lengths of a TCP header without options, and with only the timestamps option (RFC 7323). */
const TCP_HEADER_BYTES = 20;
const TCP_TIMESTAMPS_BYTES = 32;
/** Bits of the length; the bits above hold a fragment's offset in its IPv6 datagram. */
const LENGTH_BITS = 17;
/** Secret key of the hash, one word for each hashed word. */
const SECRET = crypto.getRandomValues(new Int32Array(2 * PART_WORDS));
/** Factors of the lookup hash; odd, so that each spreads all bits of its word. */
const FACTORS = crypto.getRandomValues(new Int32Array(4));
const FIRST_FACTOR = FACTORS[0]! | 1;
const SECOND_FACTOR = FACTORS[1]! | 1;
const FOURTH_FACTOR = FACTORS[2]! | 1;
const IDENTIFICATION_FACTOR = FACTORS[3]! | 1;
/**
 * Words of a packet's place, which fill a cache line together with the {@link PLACE_WORDS} first ones. The time takes two words; the compared
 * words begin at {@link Word.Identification}.
 */
const WORDS = 16;
const Word = { TimeHigh: 2, TimeLow: 3, Conversation: 4, Identification: 5, Extent: 6, Content: 7 } as const;
const { TimeHigh, TimeLow, Conversation, Identification, Extent, Content } = Word;
/** Words that represent a packet's content: the stored ones, and the hash. */
const CONTENT_WORDS = KEPT_WORDS + 1;

/**
 * Recognizes packets that were captured more than once, by what routers, bridges and mirrored ports do not change: addresses, IP identification
 * and fragment offset, length, and the content from the transport header on. Of TCP that is the header, whose checksum covers the data, with the
 * timestamps option and 8 bytes of the data. VLANs, tunnels and the interface may differ, unless the rule is {@link TagRule.Strict}.
 *
 * The compared words are stored, so the result does not depend on how packets are divided into blocks: of TCP the words themselves, of other
 * content the first 24 bytes, which include the checksum of UDP and ICMP, and a keyed hash of the rest (see hash-key.ts). Of a content of more
 * than 512 bytes, only {@link PART_WORDS} words at each end are compared.
 */
export class DuplicatePackets {
  /** Number of packets that were captured again. */
  count = 0;
  readonly #windowNanoseconds: number;
  readonly #tagRule: TagRule;
  /** Two words for the tunnels of a packet. */
  readonly #network = new Int32Array(2);
  readonly #places = new RecentPlaces(PLACES, WORDS);
  /** {@link Word}s by place. */
  readonly #words = this.#places.words;
  /** Reads whole words in little-endian order, that of most processors; reading them byte by byte takes twice as long. */
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** {@link CONTENT_WORDS} of the current packet. */
  readonly #content = new Int32Array(CONTENT_WORDS);
  /** Place of the packet that {@link isCopy} was last called with, {@link NONE} if it is not remembered. */
  #place = NONE;

  /**
   * Packets are the same if their times are within `windowMicroseconds`; 0 disables the comparison. With {@link TagRule.Strict}, packets in
   * different VLANs or tunnels are not the same.
   */
  constructor(windowMicroseconds: number, tagRule: TagRule) {
    this.#windowNanoseconds = windowMicroseconds * 1000;
    this.#tagRule = tagRule;
  }

  /** The following packets are in `bytes`. */
  startBlock(bytes: Uint8Array): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Whether the packet, whose layers are decoded, was seen within the window; if not, it is remembered. `directionHash` is a hash of its
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
    if (packet.ipProtocol === TCP && packet.fragmentOffset === 0 && length >= TCP_HEADER_BYTES) {
      this.#readSegment(start, length);
    } else this.#readContent(start, length);
    let identification = packet.fragmentIdentification;
    let extent = length;
    if (packet.ipVersion === 4) {
      // A fragment's offset is in the second half.
      identification = view.getInt32(networkStart + 4);
    } else if (packet.isFragment) {
      // The fragment's offset and whether more fragments follow, in the bits above the length.
      extent |= ((packet.fragmentOffset >> 2) | (packet.hasMoreFragments ? 1 : 0)) << LENGTH_BITS;
    }
    if (this.#tagRule === TagRule.Strict) identification = (identification + this.#tagsOf(packet)) | 0;
    const content = this.#content;
    const hash = finishHash(
      (directionHash +
        Math.imul(content[0]!, FIRST_FACTOR) +
        Math.imul(content[1]!, SECOND_FACTOR) +
        Math.imul(content[3]!, FOURTH_FACTOR) +
        Math.imul(identification, IDENTIFICATION_FACTOR)) |
        0,
    );
    // Timestamps, not arrivals: a wrong clock affects both alike.
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
        this.#isContent(at + Content)
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
    words[at + Conversation] = NO_CONVERSATION;
    words[at + Identification] = identification;
    words[at + Extent] = extent;
    for (let i = 0; i < CONTENT_WORDS; i++) words[at + Content + i] = content[i]!;
    return false;
  }

  /** Conversation of the original of the packet that {@link isCopy} was last called with; {@link NO_CONVERSATION} if it had none. */
  get conversation(): number {
    return this.#words[this.#place * WORDS + Conversation]!;
  }

  /** Records the conversation of the packet that {@link isCopy} has just remembered. */
  set conversation(slot: number) {
    if (this.#place !== NONE) this.#words[this.#place * WORDS + Conversation] = slot;
  }

  /** A hash of the VLANs and tunnels of a packet. */
  #tagsOf({ vlanId, innerVlanId, tunnels }: Readonly<Packet>): number {
    const vlans = hashWord(vlanId | (innerVlanId << 12), PROCESS_HASH_KEY[0]!);
    if (tunnels.depth === 0) return vlans;
    tunnels.writeNetwork(this.#network, 0);
    return vlans + this.#network[0]!;
  }

  /** Whether the words from `at` on are the content of the current packet. */
  #isContent(at: number): boolean {
    const words = this.#words;
    const content = this.#content;
    for (let i = 0; i < CONTENT_WORDS; i++) if (words[at + i] !== content[i]) return false;
    return true;
  }

  /** Reads the header, without its ports, and the first data of a TCP segment of `length` bytes. */
  #readSegment(start: number, length: number): void {
    const view = this.#view;
    const content = this.#content;
    content[0] = view.getInt32(start + 4, true);
    content[1] = view.getInt32(start + 8, true);
    const offsetAndFlags = view.getInt32(start + 12, true);
    content[2] = offsetAndFlags;
    content[3] = view.getInt32(start + 16, true);
    const headerBytes = (offsetAndFlags & 0xf0) >> 2;
    // Two bytes of padding, kind and length precede the sender's time.
    content[4] =
      headerBytes >= TCP_TIMESTAMPS_BYTES && length >= TCP_TIMESTAMPS_BYTES ? view.getInt32(start + 24, true) : 0;
    content[5] = headerBytes + 4 <= length ? view.getInt32(start + headerBytes, true) : 0;
    content[6] = headerBytes + 8 <= length ? view.getInt32(start + headerBytes + 4, true) : 0;
  }

  /** Reads a content of `length` bytes; of a long one, {@link PART_WORDS} words at each end. */
  #readContent(start: number, length: number): void {
    const view = this.#view;
    const content = this.#content;
    const words = length >> 2;
    const kept = Math.min(words, KEPT_WORDS);
    for (let i = 0; i < kept; i++) content[i] = view.getInt32(start + i * 4, true);
    for (let i = kept; i < KEPT_WORDS; i++) content[i] = 0;
    const isLong = words > 2 * PART_WORDS;
    const front = isLong ? PART_WORDS : words;
    let hash = 0;
    for (let i = kept; i < front; i++) hash = (hash + hashWord(view.getInt32(start + i * 4, true), SECRET[i]!)) | 0;
    const end = start + length;
    if (isLong) {
      for (let i = 1; i <= PART_WORDS; i++) {
        hash = (hash + hashWord(view.getInt32(end - i * 4, true), SECRET[2 * PART_WORDS - i]!)) | 0;
      }
    }
    // The last bytes of a short content are not a whole word.
    else if ((length & 3) !== 0)
      hash = (hash + hashWord(view.getInt32(end - 4, true), SECRET[2 * PART_WORDS - 1]!)) | 0;
    content[KEPT_WORDS] = hash;
  }
}
