import { TagRule } from "../conversation/tag-rule.js";
import { finishHash, hashWord, PROCESS_HASH_KEY } from "../wire/hash-key.js";
import { type PLACE_WORDS, RecentPlaces } from "../wire/recent-places.js";
import { IpProtocol } from "./ip-protocol.js";
import { NO_CONVERSATION, type Packet } from "./packet.js";
import { areEqualContents, PacketContents } from "./packet-contents.js";

const NONE = -1;
const TCP = IpProtocol.Tcp;
const UDP = IpProtocol.Udp;
/** Packets that are remembered: as many as come in a moment. */
const PLACES = 4096;
/** Packets of one hash that are compared. */
const MAX_SIMILAR = 4;
/** Words at the front of a packet's content that its hash is of, before the one at the end; of what has no checksum there, as ARP, all. */
const FRONT_WORDS = 4;
const MAX_FRONT_WORDS = 8;
/** Of a TCP header without options. */
const TCP_HEADER_BYTES = 20;
/** Bits of the length; above them is a fragment's place in its IPv6 datagram, or that the content is a TCP segment. */
const LENGTH_BITS = 17;
const SEGMENT = 1 << 31;
/** Index, in the secret, of the first word for a packet's content; conversations' keys do not use those from it on. */
const SECRET = 16;
/** What is kept of a packet, as words of its place, after the {@link PLACE_WORDS} first ones; when it arrived, as one of its 64-bit numbers. */
const WORDS = 8;
const NUMBERS = WORDS / 2;
const ARRIVAL = 1;
const Word = { Identification: 4, Content: 5, Length: 6, Conversation: 7 } as const;
const { Identification, Content, Length, Conversation } = Word;
/** Secret of the hashes of TCP headers, a word for each of theirs. */
const HEADER_SECRET = crypto.getRandomValues(new Int32Array(15));

/**
 * Packets of the last moment, by what a router, a bridge or a mirrored port leaves as it is: addresses, identification, and what comes from
 * the transport header on; of TCP the header, whose sequence number and checksum say which data follow. The same packet captured again is known
 * by them, under whatever VLAN, in whatever tunnel, on whichever interface it comes the second time.
 *
 * Which packets are copies depends on their contents and times alone, not on how they are divided into batches.
 */
export class DuplicatePackets {
  /** How many were captured again. */
  count = 0;
  readonly #windowNanoseconds: number;
  readonly #tagRule: TagRule;
  /** Two words of the tunnels of a packet. */
  readonly #network = new Int32Array(2);
  readonly #places = new RecentPlaces(PLACES, WORDS);
  /** {@link Word}s by place. The content is the hash of a TCP header, else where it starts in the buffer at hand, as long as that is there. */
  readonly #words = this.#places.words;
  readonly #numbers = new Float64Array(this.#words.buffer);
  readonly #contents = new PacketContents(PLACES);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Number, among the places, of the first packet that is in the buffer at hand; what is needed of those before is in the contents. */
  #first = 0;
  /** When the newest packet arrived. */
  #newest = 0;
  /** Place of the packet that {@link isCopy} was last called with, {@link NONE} where it is not remembered. */
  #place = NONE;

  /**
   * A packet is the same one as another if the two arrive within `windowMicroseconds`; 0 for never. By {@link TagRule.Strict} it is not
   * in another VLAN or tunnel.
   */
  constructor(windowMicroseconds: number, tagRule: TagRule) {
    this.#windowNanoseconds = windowMicroseconds * 1000;
    this.#tagRule = tagRule;
  }

  /** The packets that follow are in `bytes`, until {@link endBatch}. */
  startBatch(bytes: Uint8Array): void {
    if (this.#view.buffer === bytes.buffer && this.#view.byteOffset === bytes.byteOffset) {
      if (this.#view.byteLength === bytes.byteLength) return;
    }
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The buffer of the packets since {@link startBatch} may be overwritten: keeps what later ones may be compared with. */
  endBatch(): void {
    const places = this.#places;
    const words = this.#words;
    const since = this.#newest - this.#windowNanoseconds;
    const { next } = places;
    const first = Math.max((this.#first - next) | 0, -places.capacity);
    for (let ago = first; ago < 0; ago++) {
      const place = (next + ago) & (places.capacity - 1);
      const at = place * WORDS;
      const length = words[at + Length]!;
      if ((length & SEGMENT) !== 0 || this.#numbers[place * NUMBERS + ARRIVAL]! < since) continue;
      this.#contents.keep(place, this.#view, words[at + Content]!, bytesOf(length));
    }
    this.#first = next;
  }

  /**
   * True where the packet, whose layers are decoded, was seen a moment ago; otherwise it is remembered. `directionHash` is a hash of its
   * protocol, addresses and ports.
   */
  isCopy(packet: Readonly<Packet>, directionHash: number): boolean {
    this.#place = NONE;
    const window = this.#windowNanoseconds;
    if (window === 0) return false;
    const { networkStart, arrival } = packet;
    const view = this.#view;
    const start = packet.transportStart === 0 ? networkStart : packet.transportStart;
    let length = packet.networkEnd - start;
    if (length < 4) return false;
    let identification = packet.fragmentIdentification;
    if (packet.ipVersion === 4) {
      // A fragment's offset is in the second half.
      identification = view.getInt32(networkStart + 4);
    } else if (packet.isFragment) {
      length |= ((packet.fragmentOffset >> 2) | (packet.hasMoreFragments ? 1 : 0)) << LENGTH_BITS;
    }
    if (this.#tagRule === TagRule.Strict) identification = (identification + this.#tagsOf(packet)) | 0;
    let sum = (directionHash + hashWord(identification, PROCESS_HASH_KEY[SECRET]!)) | 0;
    let content = start;
    if (packet.ipProtocol === TCP && packet.fragmentOffset === 0 && length >= TCP_HEADER_BYTES) {
      content = hashOfHeader(view, start, length);
      length |= SEGMENT;
      sum = (sum + content) | 0;
    } else sum = (sum + hashOf(packet, view, start, bytesOf(length))) | 0;
    const hash = finishHash((sum + hashWord(length, PROCESS_HASH_KEY[SECRET + 1]!)) | 0);
    const places = this.#places;
    const words = this.#words;
    const { certainArrival } = packet;
    if (certainArrival > this.#newest) this.#newest = certainArrival;
    const since = this.#newest - window;
    let place = places.find(hash);
    for (let similar = 0; place !== -1 && similar < MAX_SIMILAR; similar++) {
      const at = place * WORDS;
      const other = this.#numbers[place * NUMBERS + ARRIVAL]!;
      if (
        other >= since &&
        Math.abs(arrival - other) <= window &&
        words[at + Identification] === identification &&
        words[at + Length] === length &&
        this.#hasContent(place, content, length)
      ) {
        this.#place = place;
        this.count++;
        return true;
      }
      place = places.findAfter(place, hash);
    }
    place = places.add(hash);
    this.#place = place;
    this.#numbers[place * NUMBERS + ARRIVAL] = arrival;
    const at = place * WORDS;
    words[at + Identification] = identification;
    words[at + Content] = content;
    words[at + Length] = length;
    words[at + Conversation] = NO_CONVERSATION;
    return false;
  }

  /** Time turned out not to be beyond `now`: the latest packet, whose time was in doubt, came then. */
  rewind(now: number): void {
    const newest = ((this.#places.next - 1) & (this.#places.capacity - 1)) * NUMBERS + ARRIVAL;
    this.#numbers[newest] = Math.min(this.#numbers[newest]!, now);
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

  /** True where the packet remembered at `place` has this content, of the same length. */
  #hasContent(place: number, content: number, length: number): boolean {
    const other = this.#words[place * WORDS + Content]!;
    if ((length & SEGMENT) !== 0) return other === content;
    const view = this.#view;
    return this.#places.isBefore(place, this.#first)
      ? this.#contents.isKept(place, view, content, bytesOf(length))
      : areEqualContents(view, content, other, bytesOf(length));
  }
}

function bytesOf(length: number): number {
  return length & ((1 << LENGTH_BITS) - 1);
}

/** A hash of the TCP header of a segment of `length` bytes, without ports. */
function hashOfHeader(view: DataView, start: number, length: number): number {
  const headerBytes = Math.min(length & ~3, Math.max(TCP_HEADER_BYTES, (view.getUint8(start + 12) >> 4) * 4));
  let sum = 0;
  for (let at = 4; at < headerBytes; at += 4) {
    sum = (sum + hashWord(view.getInt32(start + at), HEADER_SECRET[at >> 2]!)) | 0;
  }
  return sum;
}

/** A hash of the front of a content other than TCP's, where those of one conversation differ, and of its end. */
function hashOf(
  { ipVersion, ipProtocol, fragmentOffset }: Readonly<Packet>,
  view: DataView,
  start: number,
  length: number,
): number {
  const secret = PROCESS_HASH_KEY;
  const front = Math.min(ipVersion === 0 ? MAX_FRONT_WORDS : FRONT_WORDS, length >> 2);
  let sum = hashWord(view.getInt32(start + length - 4), secret[SECRET + 2 + MAX_FRONT_WORDS]!);
  // What a datagram begins with, ports, is in the hash already, but of a fragment that is not the first one.
  for (let i = ipProtocol === UDP && fragmentOffset === 0 ? 1 : 0; i < front; i++) {
    sum = (sum + hashWord(view.getInt32(start + i * 4), secret[SECRET + 2 + i]!)) | 0;
  }
  return sum;
}
