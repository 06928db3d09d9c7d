import { Timestamp } from "../record/timestamp.js";
import type { Packet } from "./packet.js";
import { TunnelStack } from "./tunnel-stack.js";

const IPV6_HEADER_BYTES = 40;

/** The first fragment of a datagram without its payload: header, ports and capture data. Smaller than a `Packet`, because thousands may wait. */
export class FirstFragment {
  /** IP header, over IPv6 without extension headers. */
  readonly header: Uint8Array;
  /** IP protocol of the datagram's payload. */
  readonly protocol: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly #time = new Timestamp();
  readonly #frameNumber: number;
  readonly #originalLengthBytes: number;
  readonly #interfaceIndex: number;
  readonly #interfaceNameIndex: number;
  readonly #etherType: number;
  readonly #vlanId: number;
  readonly #innerVlanId: number;
  readonly #vlanTags: number;
  readonly #isLinkGroup: boolean;
  readonly #ipVersion: number;
  /** Undefined outside tunnels. */
  readonly #tunnels: TunnelStack | undefined;

  /** Copies the needed values; does not keep a reference to `packet`. */
  constructor(packet: Readonly<Packet>) {
    const { bytes, networkStart, ipVersion, tunnels } = packet;
    const headerEnd = ipVersion === 4 ? packet.fragmentStart : networkStart + IPV6_HEADER_BYTES;
    this.header = bytes.slice(networkStart, headerEnd);
    this.protocol = packet.fragmentProtocol;
    this.srcPort = packet.srcPort;
    this.dstPort = packet.dstPort;
    this.#time.copy(packet.time);
    this.#frameNumber = packet.frameNumber;
    this.#originalLengthBytes = packet.originalLengthBytes;
    this.#interfaceIndex = packet.interfaceIndex;
    this.#interfaceNameIndex = packet.interfaceNameIndex;
    this.#etherType = packet.etherType;
    this.#vlanId = packet.vlanId;
    this.#innerVlanId = packet.innerVlanId;
    this.#vlanTags = packet.vlanTags;
    this.#isLinkGroup = packet.isLinkGroup;
    this.#ipVersion = ipVersion;
    if (tunnels.depth > 0) {
      this.#tunnels = new TunnelStack(tunnels.depth);
      this.#tunnels.copy(tunnels);
    }
  }

  /** Writes all values except header, protocol and ports to a new packet, which arrives when the datagram is given up. */
  writeTo(packet: Packet): void {
    packet.time.copy(this.#time);
    packet.frameNumber = this.#frameNumber;
    packet.originalLengthBytes = this.#originalLengthBytes;
    packet.interfaceIndex = this.#interfaceIndex;
    packet.interfaceNameIndex = this.#interfaceNameIndex;
    packet.etherType = this.#etherType;
    packet.vlanId = this.#vlanId;
    packet.innerVlanId = this.#innerVlanId;
    packet.vlanTags = this.#vlanTags;
    packet.isLinkGroup = this.#isLinkGroup;
    packet.ipVersion = this.#ipVersion;
    if (this.#tunnels !== undefined) packet.tunnels.copy(this.#tunnels);
  }
}
