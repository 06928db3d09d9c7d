import type { Packet } from "../packet/packet.js";
import { TunnelStack } from "../packet/tunnel-stack.js";

/** Bytes of a slot's two addresses: source, then destination, 16 for each. */
const ADDRESS_BYTES = 32;

/** What rows need of a conversation's first packet, kept in columns by slot until it ends. */
export class ConversationEndpoints {
  readonly #addresses: Uint8Array;
  readonly #ports: Uint16Array;
  readonly #vlans: Uint16Array;
  readonly #interfaces: Uint16Array;
  readonly #interfaceNames: Uint16Array;
  readonly #protocols: Uint8Array;
  readonly #addressLengths: Uint8Array;
  /** 1 where the first packet was a fragment without a transport header, so that the conversation has no ports. */
  readonly #isLaterFragment: Uint8Array;
  /** Few conversations are in tunnels. */
  readonly #tunnels = new Map<number, TunnelStack>();

  constructor(capacity: number) {
    this.#addresses = new Uint8Array(capacity * ADDRESS_BYTES);
    this.#ports = new Uint16Array(capacity * 2);
    this.#vlans = new Uint16Array(capacity * 2);
    this.#interfaces = new Uint16Array(capacity);
    this.#interfaceNames = new Uint16Array(capacity);
    this.#protocols = new Uint8Array(capacity);
    this.#addressLengths = new Uint8Array(capacity);
    this.#isLaterFragment = new Uint8Array(capacity);
  }

  /** Keeps the endpoints of the packet that opens the conversation in `slot`. */
  open(slot: number, packet: Readonly<Packet>): void {
    const { bytes, addressLength, srcAddressStart, dstAddressStart } = packet;
    const addresses = this.#addresses;
    const at = slot * ADDRESS_BYTES;
    for (let i = 0; i < addressLength; i++) {
      addresses[at + i] = bytes[srcAddressStart + i]!;
      addresses[at + 16 + i] = bytes[dstAddressStart + i]!;
    }
    this.#ports[slot * 2] = packet.srcPort;
    this.#ports[slot * 2 + 1] = packet.dstPort;
    this.#vlans[slot * 2] = packet.vlanId;
    this.#vlans[slot * 2 + 1] = packet.innerVlanId;
    this.#interfaces[slot] = packet.interfaceIndex;
    this.#interfaceNames[slot] = packet.interfaceNameIndex;
    this.#protocols[slot] = packet.ipProtocol;
    this.#addressLengths[slot] = addressLength;
    this.#isLaterFragment[slot] = packet.fragmentOffset > 0 ? 1 : 0;
    if (packet.tunnels.depth > 0) {
      const tunnels = new TunnelStack();
      tunnels.copy(packet.tunnels);
      this.#tunnels.set(slot, tunnels);
    }
  }

  /** Fills in the endpoints of `packet`, whose bytes become those of its two addresses; nothing else of it changes. */
  restore(slot: number, packet: Packet): void {
    packet.bytes = this.#addresses;
    packet.srcAddressStart = slot * ADDRESS_BYTES;
    packet.dstAddressStart = slot * ADDRESS_BYTES + 16;
    packet.addressLength = this.#addressLengths[slot]!;
    packet.ipVersion = packet.addressLength === 4 ? 4 : 6;
    packet.ipProtocol = this.#protocols[slot]!;
    packet.srcPort = this.#ports[slot * 2]!;
    packet.dstPort = this.#ports[slot * 2 + 1]!;
    packet.vlanId = this.#vlans[slot * 2]!;
    packet.innerVlanId = this.#vlans[slot * 2 + 1]!;
    packet.interfaceIndex = this.#interfaces[slot]!;
    packet.interfaceNameIndex = this.#interfaceNames[slot]!;
    // Only whether it is 0 matters.
    packet.fragmentOffset = this.#isLaterFragment[slot]!;
    packet.isFragment = packet.fragmentOffset > 0;
    const tunnels = this.#tunnels.get(slot);
    if (tunnels === undefined) packet.tunnels.depth = 0;
    else packet.tunnels.copy(tunnels);
  }

  /** Forgets the slot's tunnels; the other columns are overwritten by the next conversation. */
  close(slot: number): void {
    if (this.#tunnels.size > 0) this.#tunnels.delete(slot);
  }
}
