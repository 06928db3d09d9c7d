import { int32 } from "../../bytes/big-endian.js";
import { finishHash, hashWord } from "../../bytes/hash-key.js";
import type { Packet } from "../../packet/packet.js";
import { hasPorts } from "../rows/has-ports.js";

/** Words of a {@link RequestKey}. */
export const REQUEST_KEY_WORDS = 11;
const ADDRESS_WORD = 3;

/**
 * The key of an open request and its packet's tags, as 32-bit words:
 *
 * ```
 * │ plugin's key │ ports, 0 of ICMP │ address length, protocol │ client and server address, word by word │
 * 0              1                  2                          3                                        11
 * ```
 */
export class RequestKey {
  readonly words = new Int32Array(REQUEST_KEY_WORDS);
  /** VLANs, and tunnels in two words. */
  readonly tags = new Int32Array(3);
  readonly #hashKey: Int32Array;
  /** Words of the key written last. Keys of different lengths differ in their third word. */
  length = 0;

  /** `hashKey` is the secret key of the hashes. */
  constructor(hashKey: Int32Array) {
    this.#hashKey = hashKey;
  }

  /**
   * Writes the key of the request in `packet`, or with `isReversed` of the request that `packet` answers, and returns its hash.
   * `isAnyServer` omits the server's address.
   */
  write(packet: Readonly<Packet>, key: number, isReversed: boolean, isAnyServer: boolean): number {
    const target = this.words;
    const { bytes, addressLength } = packet;
    const client = isReversed ? packet.dstAddressStart : packet.srcAddressStart;
    const server = isReversed ? packet.srcAddressStart : packet.dstAddressStart;
    const isPorted = hasPorts(packet);
    const clientPort = !isPorted ? 0 : isReversed ? packet.dstPort : packet.srcPort;
    const serverPort = !isPorted ? 0 : isReversed ? packet.srcPort : packet.dstPort;
    const secret = this.#hashKey;
    const ports = (clientPort << 16) | serverPort;
    const kind = (addressLength << 8) | packet.ipProtocol;
    target[0] = key;
    target[1] = ports;
    target[2] = kind;
    let sum = (hashWord(key, secret[0]!) + hashWord(ports, secret[1]!) + hashWord(kind, secret[2]!)) | 0;
    let at = ADDRESS_WORD;
    for (let i = 0; i < addressLength; i += 4) {
      const clientWord = int32(bytes, client + i);
      const serverWord = isAnyServer ? 0 : int32(bytes, server + i);
      sum = (sum + hashWord(clientWord, secret[at]!) + hashWord(serverWord, secret[at + 1]!)) | 0;
      target[at++] = clientWord;
      target[at++] = serverWord;
    }
    this.length = at;
    this.#writeTags(packet);
    return finishHash(sum);
  }

  #writeTags({ vlanId, innerVlanId, tunnels }: Readonly<Packet>): void {
    const { tags } = this;
    tags[0] = vlanId | (innerVlanId << 12);
    if (tunnels.depth > 0) tunnels.writeNetwork(tags, 1);
    else {
      tags[1] = 0;
      tags[2] = 0;
    }
  }
}
