import { KeptTunnels } from "./kept-tunnels.js";
import type { Packet } from "./packet.js";
import { TunnelStack } from "./tunnel-stack.js";

/** Bytes of a slot, and of each of its two addresses. */
const SLOT_BYTES = 48;
const ADDRESS_BYTES = 16;
/** 16-bit words of a slot. */
const SLOT_UINT16S = SLOT_BYTES / 2;
/** Offsets in a slot's 16-bit words, after the addresses, and then in its bytes. */
const Uint16 = { SrcPort: 16, DstPort: 17, Vlan: 18, InnerVlan: 19, Interface: 20, InterfaceName: 21 } as const;
const Byte = { Protocol: 44, AddressLength: 45, IsLaterFragment: 46 } as const;

const NO_TUNNELS = new TunnelStack(0);

/**
 * The parts of a conversation's first packet that rows need, kept by slot until the conversation ends. The data of a slot is contiguous,
 * because it is written and read together:
 *
 * ```
 * │ source │ destination │ ports │ VLANs │ interface, its name │ protocol, length of addresses, later fragment │
 * 0        16            32      36      40                    44                                              48
 * ```
 */
export class ConversationEndpoints {
  readonly #capacity: number;
  readonly #bytes: Uint8Array;
  readonly #uint16s: Uint16Array;
  readonly #kept = new KeptTunnels();
  /** By slot; created for the first conversation in a tunnel. */
  #tunnels: (TunnelStack | undefined)[] | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#bytes = new Uint8Array(capacity * SLOT_BYTES);
    this.#uint16s = new Uint16Array(this.#bytes.buffer);
  }

  /** Keeps the endpoints of the packet that opens the conversation in `slot`. */
  open(slot: number, packet: Readonly<Packet>): void {
    const { bytes, addressLength, srcAddressStart, dstAddressStart } = packet;
    const kept = this.#bytes;
    const at = slot * SLOT_BYTES;
    for (let i = 0; i < addressLength; i++) {
      kept[at + i] = bytes[srcAddressStart + i]!;
      kept[at + ADDRESS_BYTES + i] = bytes[dstAddressStart + i]!;
    }
    kept[at + Byte.Protocol] = packet.ipProtocol;
    kept[at + Byte.AddressLength] = addressLength;
    // The first packet was a fragment without a transport header, so the conversation does not have ports.
    kept[at + Byte.IsLaterFragment] = packet.fragmentOffset > 0 ? 1 : 0;
    const uint16s = this.#uint16s;
    const word = slot * SLOT_UINT16S;
    uint16s[word + Uint16.SrcPort] = packet.srcPort;
    uint16s[word + Uint16.DstPort] = packet.dstPort;
    uint16s[word + Uint16.Vlan] = packet.vlanId;
    uint16s[word + Uint16.InnerVlan] = packet.innerVlanId;
    uint16s[word + Uint16.Interface] = packet.interfaceIndex;
    uint16s[word + Uint16.InterfaceName] = packet.interfaceNameIndex;
    if (packet.tunnels.depth > 0) {
      this.#tunnels ??= new Array<undefined>(this.#capacity).fill(undefined);
      this.#tunnels[slot] = this.#kept.keep(packet.tunnels);
    }
  }

  /**
   * Sets the endpoints of `packet`, a substitute for a packet of the conversation: its bytes become the two addresses. Other fields do not
   * change.
   */
  restore(slot: number, packet: Packet): void {
    const kept = this.#bytes;
    const at = slot * SLOT_BYTES;
    packet.bytes = kept;
    packet.srcAddressStart = at;
    packet.dstAddressStart = at + ADDRESS_BYTES;
    packet.addressLength = kept[at + Byte.AddressLength]!;
    packet.ipVersion = packet.addressLength === 4 ? 4 : 6;
    packet.ipProtocol = kept[at + Byte.Protocol]!;
    const uint16s = this.#uint16s;
    const word = slot * SLOT_UINT16S;
    packet.srcPort = uint16s[word + Uint16.SrcPort]!;
    packet.dstPort = uint16s[word + Uint16.DstPort]!;
    packet.vlanId = uint16s[word + Uint16.Vlan]!;
    packet.innerVlanId = uint16s[word + Uint16.InnerVlan]!;
    packet.interfaceIndex = uint16s[word + Uint16.Interface]!;
    packet.interfaceNameIndex = uint16s[word + Uint16.InterfaceName]!;
    // Only whether it is 0 matters.
    packet.fragmentOffset = kept[at + Byte.IsLaterFragment]!;
    packet.isFragment = packet.fragmentOffset > 0;
    packet.tunnels = this.#tunnels?.[slot] ?? NO_TUNNELS;
  }

  /** Clears the slot's tunnels; the rest is overwritten by the next conversation. */
  close(slot: number): void {
    if (this.#tunnels !== undefined) this.#tunnels[slot] = undefined;
  }
}
