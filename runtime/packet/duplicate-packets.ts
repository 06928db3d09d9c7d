import { TagRule } from "../conversation/tag-rule.js";
import { finishHash, hashWord, PROCESS_HASH_KEY } from "../wire/hash-key.js";
import { type PLACE_WORDS, RecentPlaces } from "../wire/recent-places.js";
import { IpProtocol } from "./ip-protocol.js";
import { NO_CONVERSATION, type Packet } from "./packet.js";

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
/** Index, in the secret, of the first word for a packet's content; conversations' keys do not use those from it on. */
const SECRET = 16;
/** What is kept of a packet, as words of its place, after the {@link PLACE_WORDS} first ones; when it arrived, as one of its 64-bit numbers. */
const WORDS = 8;
const NUMBERS = WORDS / 2;
const ARRIVAL = 1;
const Word = { Identification: 4, Start: 5, Length: 6, Conversation: 7 } as const;
const { Identification, Start, Length, Conversation } = Word;

/**
 * Packets of the last moment, by what a router, a bridge or a mirrored port leaves as it is: addresses, identification, and everything from
 * the transport header on. The same packet captured again is known by them, under whatever VLAN, in whatever tunnel, on whichever
 * interface it comes the second time.
 */
export class DuplicatePackets {
  /** How many were captured again. */
  count = 0;
  readonly #windowNanoseconds: number;
  readonly #tagRule: TagRule;
  /** Two words of the tunnels of a packet. */
  readonly #network = new Int32Array(2);
  readonly #places = new RecentPlaces(PLACES, WORDS);
  /** {@link Word}s by place. The start is in the buffer of the packet's batch, as long as that is there. */
  readonly #words = this.#places.words;
  readonly #numbers = new Float64Array(this.#words.buffer);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Number, among the places, of the first packet of the batch that is remembered. */
  #first = 0;
  /** Place of the packet that {@link isCopy} was last called with, {@link NONE} where it is not remembered. */
  #place = NONE;

  /**
   * A packet is the same one as another if it arrives within `windowMicroseconds` of that; 0 for never. By {@link TagRule.Strict} it is not
   * in another VLAN or tunnel.
   */
  constructor(windowMicroseconds: number, tagRule: TagRule) {
    this.#windowNanoseconds = windowMicroseconds * 1000;
    this.#tagRule = tagRule;
  }

  /** The packets that follow are in `bytes`. */
  startBatch(bytes: Uint8Array): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#first = this.#places.next;
  }

  /**
   * True where the packet, whose layers are decoded, was seen a moment ago; otherwise it is remembered. `directionHash` is a hash of its
   * protocol, addresses and ports.
   */
  isCopy(packet: Readonly<Packet>, directionHash: number): boolean {
    this.#place = NONE;
    if (this.#windowNanoseconds === 0) return false;
    const { networkStart, arrival } = packet;
    const view = this.#view;
    const start = packet.transportStart === 0 ? networkStart : packet.transportStart;
    const length = packet.networkEnd - start;
    if (length < 4 || networkStart === 0) return false;
    // A fragment's offset is in IPv4's second half; IPv6 identifies fragments alone.
    let identification =
      packet.ipVersion === 4 ? view.getInt32(networkStart + 4) : packet.fragmentIdentification ^ packet.fragmentOffset;
    if (this.#tagRule === TagRule.Strict) identification = (identification + this.#tagsOf(packet)) | 0;
    const hash = hashOf(
      packet,
      view,
      start,
      length,
      (directionHash + hashWord(identification, PROCESS_HASH_KEY[SECRET]!)) | 0,
    );
    const places = this.#places;
    const words = this.#words;
    const since = arrival - this.#windowNanoseconds;
    let place = places.find(hash);
    for (let similar = 0; place !== -1 && similar < MAX_SIMILAR; similar++) {
      if (this.#numbers[place * NUMBERS + ARRIVAL]! < since) break;
      const at = place * WORDS;
      if (words[at + Identification] === identification && words[at + Length] === length) {
        if (this.#hasContent(place, view, start, length)) {
          this.#place = place;
          this.count++;
          return true;
        }
      }
      place = places.findAfter(place, hash);
    }
    place = places.add(hash);
    this.#place = place;
    this.#numbers[place * NUMBERS + ARRIVAL] = arrival;
    const at = place * WORDS;
    words[at + Identification] = identification;
    words[at + Start] = start;
    words[at + Length] = length;
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

  /** True where the packet remembered at `place` has the same content, or its bytes are gone. */
  #hasContent(place: number, view: DataView, start: number, length: number): boolean {
    if (this.#places.isBefore(place, this.#first)) return true;
    const other = this.#words[place * WORDS + Start]!;
    let i = 0;
    for (; i <= length - 4; i += 4) if (view.getInt32(start + i) !== view.getInt32(other + i)) return false;
    for (; i < length; i++) if (view.getUint8(start + i) !== view.getUint8(other + i)) return false;
    return true;
  }
}

/** The hash is of `sum`, the length and the front of the content, where segments of one conversation differ; of others, of the end, too. */
function hashOf(
  { ipVersion, ipProtocol, fragmentOffset }: Readonly<Packet>,
  view: DataView,
  start: number,
  length: number,
  sum: number,
): number {
  const secret = PROCESS_HASH_KEY;
  sum = (sum + hashWord(length, secret[SECRET + 1]!)) | 0;
  const isTcp = ipProtocol === TCP;
  const front = Math.min(ipVersion === 0 ? MAX_FRONT_WORDS : FRONT_WORDS, length >> 2);
  // What both begin with, ports, is in the sum already, but of a fragment that is not the first one.
  for (let i = (isTcp || ipProtocol === UDP) && fragmentOffset === 0 ? 1 : 0; i < front; i++) {
    sum = (sum + hashWord(view.getInt32(start + i * 4), secret[SECRET + 2 + i]!)) | 0;
  }
  // The end of a long packet is in no cache yet.
  if (!isTcp) sum = (sum + hashWord(view.getInt32(start + length - 4), secret[SECRET + 2 + MAX_FRONT_WORDS]!)) | 0;
  return finishHash(sum);
}
