import { type Packet, Timestamp, uint32 } from "../../runtime/plugin/index.js";

const SETS = 4096;
const WAYS = 4;
const PLACES = SETS * WAYS;

/** Claims of two MACs within this are a conflict; after it an address is another host's. As long as BSD believes an ARP entry. */
const CONFLICT_WINDOW_NANOSECONDS = 1200e9;

/**
 * Who claimed an IPv4 address last, and who was the last one before that other MAC, for up to 16384 addresses. An address has its
 * place in one set of four; a fifth one takes the place of the one whose last claim is the oldest. Addresses on different
 * interfaces, VLANs and tunnels are different.
 */
export class AddressClaims {
  /** Of the other MAC's last claim, after {@link claim} found a conflict. */
  readonly otherMac = new Uint8Array(6);
  readonly otherTime = new Timestamp();
  otherFrame = 0;
  readonly #addresses = new Uint32Array(PLACES);
  readonly #links = new Uint32Array(PLACES);
  readonly #tunnels = new Uint32Array(PLACES);
  /** When a place was claimed last, as a number of all claims; 0 for one that is free. */
  readonly #turns = new Float64Array(PLACES);
  // Two claims a place: the last one, then the other MAC's last one.
  readonly #macs = new Uint8Array(PLACES * 2 * 6);
  readonly #timesHigh = new Uint32Array(PLACES * 2);
  readonly #timesLow = new Uint32Array(PLACES * 2);
  /** 0 if there is no claim. */
  readonly #frames = new Float64Array(PLACES * 2);
  #turn = 0;

  /** Notes that `packet` claims the address at `address` for the MAC at `mac`; true if another MAC claimed it lately. */
  claim(packet: Readonly<Packet>, address: number, mac: number): boolean {
    const { bytes, time } = packet;
    const place = this.#placeOf(packet, address);
    const last = place * 2;
    const other = last + 1;
    this.#turns[place] = ++this.#turn;
    if (this.#frames[last] !== 0 && !this.#isMac(last, bytes, mac)) {
      this.#macs.copyWithin(other * 6, last * 6, other * 6);
      this.#timesHigh[other] = this.#timesHigh[last]!;
      this.#timesLow[other] = this.#timesLow[last]!;
      this.#frames[other] = this.#frames[last]!;
    }
    for (let i = 0; i < 6; i++) this.#macs[last * 6 + i] = bytes[mac + i]!;
    this.#timesHigh[last] = time.high;
    this.#timesLow[last] = time.low;
    this.#frames[last] = packet.frameNumber;
    if (this.#frames[other] === 0) return false;
    for (let i = 0; i < 6; i++) this.otherMac[i] = this.#macs[other * 6 + i]!;
    this.otherTime.high = this.#timesHigh[other]!;
    this.otherTime.low = this.#timesLow[other]!;
    this.otherFrame = this.#frames[other]!;
    return time.nanosecondsSince(this.otherTime) <= CONFLICT_WINDOW_NANOSECONDS;
  }

  /** The address's place, or the one that it takes, which is then free. */
  #placeOf({ bytes, interfaceIndex, vlanId, innerVlanId, tunnels }: Readonly<Packet>, at: number): number {
    const address = uint32(bytes, at);
    const link = ((interfaceIndex << 24) | (vlanId << 12) | innerVlanId) >>> 0;
    const tunnel = tunnels.depth === 0 ? 0 : tunnels.ids[tunnels.depth - 1]!;
    const hash = Math.imul(address ^ Math.imul(link, 0x9e3779b1) ^ Math.imul(tunnel, 0x85ebca6b), 0xc2b2ae35);
    const first = (hash >>> 20) * WAYS;
    let oldest = first;
    for (let place = first; place < first + WAYS; place++) {
      const isHere = this.#addresses[place] === address && this.#links[place] === link;
      if (isHere && this.#tunnels[place] === tunnel) return place;
      if (this.#turns[place]! < this.#turns[oldest]!) oldest = place;
    }
    this.#addresses[oldest] = address;
    this.#links[oldest] = link;
    this.#tunnels[oldest] = tunnel;
    this.#frames[oldest * 2] = 0;
    this.#frames[oldest * 2 + 1] = 0;
    return oldest;
  }

  #isMac(claim: number, bytes: Uint8Array, mac: number): boolean {
    for (let i = 0; i < 6; i++) if (this.#macs[claim * 6 + i] !== bytes[mac + i]) return false;
    return true;
  }
}
