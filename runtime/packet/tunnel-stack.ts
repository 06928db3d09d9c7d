import { int32 } from "../bytes/big-endian.js";
import { finishHash, hashWord, PROCESS_HASH_KEY } from "../bytes/hash-key.js";
import type { Packet } from "./packet.js";

/** Maximum number of nested tunnels that are decoded; the packet inside a deeper one is not decoded. */
export const MAX_TUNNELS = 8;

/** Bytes of one tunnel's two outer addresses in {@link TunnelStack.addresses}: source, then destination, 16 for each. */
export const TUNNEL_ADDRESS_BYTES = 32;

/** First word of the second secret key of {@link TunnelStack.writeNetwork}; a tunnel has two words. */
const SECOND_SECRET = MAX_TUNNELS * 2;

/** The tunnels around a packet, outermost first, as parallel columns. */
export class TunnelStack {
  depth = 0;
  /** There was one more tunnel, which exceeded the capacity. */
  isLimitReached = false;
  /** Values of `TunnelKind`, or of a plugin. */
  readonly kinds: Uint16Array;
  /** VNI, key, session or label, by kind; 0 for a kind without an identifier. */
  readonly ids: Uint32Array;
  /** 4 or 16; 0 for a tunnel without addresses of its own, such as MPLS. */
  readonly addressLengths: Uint8Array;
  readonly addresses: Uint8Array;

  /** Has room for `capacity` tunnels. */
  constructor(capacity = MAX_TUNNELS) {
    this.kinds = new Uint16Array(capacity);
    this.ids = new Uint32Array(capacity);
    this.addressLengths = new Uint8Array(capacity);
    this.addresses = new Uint8Array(capacity * TUNNEL_ADDRESS_BYTES);
  }

  /** Forgets all tunnels. */
  clear(): void {
    // Without a tunnel, the limit is not reached either.
    if (this.depth === 0) return;
    this.depth = 0;
    this.isLimitReached = false;
  }

  /**
   * Adds a tunnel between the IP packet that `packet` describes, whose addresses are copied, and its payload. Returns false, and
   * adds nothing, if there are {@link MAX_TUNNELS} already.
   */
  push(kind: number, id: number, packet: Readonly<Packet>): boolean {
    const { depth } = this;
    if (depth === MAX_TUNNELS) {
      this.isLimitReached = true;
      return false;
    }
    const { addressLength, bytes } = packet;
    const at = depth * TUNNEL_ADDRESS_BYTES;
    this.kinds[depth] = kind;
    this.ids[depth] = id;
    this.addressLengths[depth] = addressLength;
    this.addresses.fill(0, at, at + TUNNEL_ADDRESS_BYTES);
    for (let i = 0; i < addressLength; i++) {
      this.addresses[at + i] = bytes[packet.srcAddressStart + i]!;
      this.addresses[at + TUNNEL_ADDRESS_BYTES / 2 + i] = bytes[packet.dstAddressStart + i]!;
    }
    this.depth = depth + 1;
    return true;
  }

  /**
   * Writes two words that distinguish networks that may use the same addresses: hashes of the kinds and the identifiers. The
   * hashes are keyed, so identifiers cannot be chosen to collide. For many kinds, identifiers differ between the two directions.
   */
  writeNetwork(words: Int32Array, at: number): void {
    const secret = PROCESS_HASH_KEY;
    let first = this.depth;
    let second = this.depth;
    for (let i = 0; i < this.depth; i++) {
      const kind = this.kinds[i]!;
      const id = this.ids[i]!;
      const word = i * 2;
      first += hashWord(kind, secret[word]!) + hashWord(id, secret[word + 1]!);
      second += hashWord(kind, secret[word + SECOND_SECRET]!) + hashWord(id, secret[word + SECOND_SECRET + 1]!);
    }
    words[at] = finishHash(first | 0);
    words[at + 1] = finishHash(second | 0);
  }

  /** A hash of all values of the stack. */
  hash(): number {
    const secret = PROCESS_HASH_KEY;
    let sum = this.depth;
    for (let i = 0; i < this.depth; i++) {
      const word = i * 2;
      sum = (sum + hashWord(this.kinds[i]!, secret[word]!) + hashWord(this.ids[i]!, secret[word + 1]!)) | 0;
      const at = i * TUNNEL_ADDRESS_BYTES;
      for (let j = 0; j < TUNNEL_ADDRESS_BYTES; j += 4) {
        sum = (sum + hashWord(int32(this.addresses, at + j), secret[SECOND_SECRET + (j >> 2)]!)) | 0;
      }
      sum = finishHash(sum);
    }
    return sum;
  }

  /** Whether the other stack has the same tunnels. */
  equals(other: TunnelStack): boolean {
    if (this.depth !== other.depth || this.isLimitReached !== other.isLimitReached) return false;
    for (let i = 0; i < this.depth; i++) {
      const isEqual =
        this.kinds[i] === other.kinds[i] &&
        this.ids[i] === other.ids[i] &&
        this.addressLengths[i] === other.addressLengths[i];
      if (!isEqual) return false;
    }
    const end = this.depth * TUNNEL_ADDRESS_BYTES;
    for (let i = 0; i < end; i++) if (this.addresses[i] !== other.addresses[i]) return false;
    return true;
  }

  /** Copies the tunnels of another stack, which must not exceed the capacity. */
  copy(other: TunnelStack): void {
    const { depth } = other;
    this.depth = depth;
    this.isLimitReached = other.isLimitReached;
    for (let i = 0; i < depth; i++) {
      this.kinds[i] = other.kinds[i]!;
      this.ids[i] = other.ids[i]!;
      this.addressLengths[i] = other.addressLengths[i]!;
    }
    const end = depth * TUNNEL_ADDRESS_BYTES;
    for (let i = 0; i < end; i++) this.addresses[i] = other.addresses[i]!;
  }
}
