import { int32 } from "../wire/big-endian.js";
import { finishHash, hashWord, PROCESS_HASH_KEY } from "../wire/hash-key.js";
import { RecentPlaces } from "../wire/recent-places.js";
import { NO_CONVERSATION, type Packet } from "./packet.js";

/** Packets that are remembered: as many as come in a moment. */
const PLACES = 8192;
/** Packets of one hash whose contents differ. */
const MAX_SIMILAR = 4;
/** Words at the front of a packet's content that its hash is of; there follow one in the middle and one at the end. */
const FRONT_WORDS = 5;

/**
 * Packets of the last moment, by what a router, a bridge or a mirrored port leaves as it is: addresses, identification, and everything from
 * the transport header on. The same packet captured again is known by them, under whatever VLAN, in whatever tunnel, on whichever
 * interface it comes the second time.
 */
export class DuplicatePackets {
  /** How many were captured again. */
  count = 0;
  readonly #windowNanoseconds: number;
  readonly #places = new RecentPlaces(PLACES);
  readonly #identifications = new Int32Array(PLACES);
  readonly #arrivals = new Float64Array(PLACES);
  /** Where its content is in the buffer of its batch, as long as that is there. */
  readonly #starts = new Uint32Array(PLACES);
  readonly #lengths = new Uint32Array(PLACES);
  readonly #batches = new Float64Array(PLACES);
  readonly #conversations = new Int32Array(PLACES);
  #batch = 0;
  #place = 0;

  /** A packet is the same one as another if it arrives within `windowMicroseconds` of that; 0 for never. */
  constructor(windowMicroseconds: number) {
    this.#windowNanoseconds = windowMicroseconds * 1000;
  }

  /** The packets that follow are in another buffer. */
  startBatch(): void {
    this.#batch++;
  }

  /** True where the packet, whose layers are decoded, was seen a moment ago; otherwise it is remembered. */
  isCopy(packet: Readonly<Packet>): boolean {
    if (this.#windowNanoseconds === 0) return false;
    const { bytes, networkStart, arrival } = packet;
    const isIpv4 = packet.ipVersion === 4;
    const start = packet.transportStart === 0 ? networkStart : packet.transportStart;
    const length = packet.networkEnd - start;
    if (length < 4 || networkStart === 0) return false;
    // IPv6 has none; a fragment's offset is in the second half.
    const identification = isIpv4 ? int32(bytes, networkStart + 4) : packet.fragmentOffset;
    const hash = this.#hash(packet, start, length, identification);
    const places = this.#places;
    let similar = 0;
    let place = places.first(hash);
    for (; place !== -1; place = places.after(place)) {
      const isSimilar =
        places.hashOf(place) === hash &&
        this.#identifications[place] === identification &&
        this.#lengths[place] === length;
      if (!isSimilar) continue;
      const isPast = arrival - this.#arrivals[place]! > this.#windowNanoseconds;
      if (!isPast && this.#hasContent(place, bytes, start, length)) {
        this.#place = place;
        this.count++;
        return true;
      }
      // Takes the place of one that is past, or of one of many whose hash was chosen.
      if (isPast || ++similar === MAX_SIMILAR) break;
    }
    if (place === -1) place = places.add(hash);
    this.#place = place;
    this.#identifications[place] = identification;
    this.#arrivals[place] = arrival;
    this.#starts[place] = start;
    this.#lengths[place] = length;
    this.#batches[place] = this.#batch;
    this.#conversations[place] = NO_CONVERSATION;
    return false;
  }

  /** Conversation of the packet that {@link isCopy} was last called with, when it came first; {@link NO_CONVERSATION} where it had none. */
  get conversation(): number {
    return this.#conversations[this.#place]!;
  }

  /** The packet that {@link isCopy} has just remembered belongs to this conversation. */
  set conversation(slot: number) {
    this.#conversations[this.#place] = slot;
  }

  #hash(packet: Readonly<Packet>, start: number, length: number, identification: number): number {
    const secret = PROCESS_HASH_KEY;
    const { bytes, addressLength, srcAddressStart, dstAddressStart } = packet;
    let sum = hashWord(identification, secret[0]!) + hashWord((length << 16) | packet.ipProtocol, secret[1]!);
    let at = 2;
    for (let i = 0; i < addressLength; i += 4) {
      sum = (sum + hashWord(int32(bytes, srcAddressStart + i), secret[at++]!)) | 0;
      sum = (sum + hashWord(int32(bytes, dstAddressStart + i), secret[at++]!)) | 0;
    }
    const words = Math.min(FRONT_WORDS, length >> 2);
    for (let i = 0; i < words; i++) sum = (sum + hashWord(int32(bytes, start + i * 4), secret[at++]!)) | 0;
    sum = (sum + hashWord(int32(bytes, start + (((length - 4) >> 3) << 2)), secret[at++]!)) | 0;
    return finishHash((sum + hashWord(int32(bytes, start + length - 4), secret[at]!)) | 0);
  }

  /** True where the packet remembered has the same content, or its bytes are gone. */
  #hasContent(place: number, bytes: Uint8Array, start: number, length: number): boolean {
    if (this.#batches[place] !== this.#batch) return true;
    const other = this.#starts[place]!;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== bytes[other + i]) return false;
    return true;
  }
}
