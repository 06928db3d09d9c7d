import type { Packet } from "../packet/packet.js";
import { finishHash, hashWord } from "../wire/hash-key.js";
import { hasPorts } from "./has-ports.js";

/** Bytes of a {@link RequestKey}. */
export const REQUEST_KEY_BYTES = 44;

/**
 * What identifies an open request, as bytes:
 *
 * ```
 * │ client address │ server address │ ports, 0 of ICMP │ address length, protocol, VLAN │ plugin's key │
 * 0                16               32                 36                               40             44
 * ```
 */
export class RequestKey {
  readonly bytes = new Uint8Array(REQUEST_KEY_BYTES);
  readonly #hashKey: Int32Array;
  /** Length of the addresses in the bytes. */
  #addressLength = 0;

  /** `hashKey` is the secret of the hashes. */
  constructor(hashKey: Int32Array) {
    this.#hashKey = hashKey;
  }

  /**
   * Writes the key of a request from `packet`, or with `isReversed` of the request that it answers, and returns its hash.
   * `isAnyServer` leaves the server's address out.
   */
  write(packet: Readonly<Packet>, key: number, isReversed: boolean, isAnyServer: boolean): number {
    const target = this.bytes;
    const { bytes, addressLength } = packet;
    const client = isReversed ? packet.dstAddressStart : packet.srcAddressStart;
    const server = isReversed ? packet.srcAddressStart : packet.dstAddressStart;
    const isPorted = hasPorts(packet);
    const clientPort = !isPorted ? 0 : isReversed ? packet.dstPort : packet.srcPort;
    const serverPort = !isPorted ? 0 : isReversed ? packet.srcPort : packet.dstPort;
    const secret = this.#hashKey;
    const ports = (clientPort << 16) | serverPort;
    const kind = (addressLength << 24) | (packet.ipProtocol << 16) | packet.vlanId;
    let sum = (hashWord(key, secret[0]!) + hashWord(ports, secret[1]!) + hashWord(kind, secret[2]!)) | 0;
    // Where the addresses are of four bytes, all but their first words are zeros.
    if (addressLength < this.#addressLength) target.fill(0, 0, 32);
    this.#addressLength = addressLength;
    for (let i = 0; i < addressLength; i += 4) {
      const clientWord = copyWord(bytes, client + i, target, i);
      const serverWord = isAnyServer ? clearWord(target, 16 + i) : copyWord(bytes, server + i, target, 16 + i);
      const at = 3 + (i >> 1);
      sum = (sum + hashWord(clientWord, secret[at]!) + hashWord(serverWord, secret[at + 1]!)) | 0;
    }
    writeWord(target, 32, ports);
    writeWord(target, 36, kind);
    writeWord(target, 40, key);
    return finishHash(sum);
  }
}

/** Copies four bytes and returns them as a word. */
function copyWord(source: Uint8Array, from: number, target: Uint8Array, to: number): number {
  const first = (target[to] = source[from]!);
  const second = (target[to + 1] = source[from + 1]!);
  const third = (target[to + 2] = source[from + 2]!);
  return (first << 24) | (second << 16) | (third << 8) | (target[to + 3] = source[from + 3]!);
}

function clearWord(target: Uint8Array, at: number): number {
  writeWord(target, at, 0);
  return 0;
}

function writeWord(target: Uint8Array, at: number, word: number): void {
  target[at] = word >>> 24;
  target[at + 1] = word >>> 16;
  target[at + 2] = word >>> 8;
  target[at + 3] = word;
}
