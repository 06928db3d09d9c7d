import ipaddr from "ipaddr.js";
import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { ChecksumStatus, verifyNetworkChecksum, verifyTransportChecksum } from "../../../runtime/packet/checksums.js";
import { IpProtocol } from "../../../runtime/packet/ip-protocol.js";
import { LinkType } from "../../../runtime/packet/link-type.js";
import type { Packet } from "../../../runtime/packet/packet.js";
import { TUNNEL_ADDRESS_BYTES } from "../../../runtime/packet/tunnel-stack.js";
import type { TsharkField, TsharkFrame } from "./tshark-frame.js";
import { findInnermost, type TsharkInnermost, type TsharkTunnel } from "./tshark-innermost.js";

/** Wireshark's names of transport protocols. */
const TRANSPORTS: Partial<Record<number, string>> = {
  [IpProtocol.Tcp]: "tcp",
  [IpProtocol.Udp]: "udp",
  [IpProtocol.Icmp]: "icmp",
  [IpProtocol.Icmpv6]: "icmpv6",
  [IpProtocol.Sctp]: "sctp",
  [IpProtocol.Dccp]: "dccp",
};

/** Wireshark's names of tunnels. */
const TUNNELS: Partial<Record<number, string>> = {
  [TunnelKind.IP]: "ip",
  [TunnelKind.GRE]: "gre",
  [TunnelKind.NVGRE]: "gre",
  [TunnelKind.ERSPAN]: "erspan",
  [TunnelKind.VXLAN]: "vxlan",
  [TunnelKind.GENEVE]: "geneve",
  [TunnelKind.GTPU]: "gtp",
  [TunnelKind.TEREDO]: "teredo",
  [TunnelKind.L2TP]: "l2tp",
  [TunnelKind.ETHERIP]: "etherip",
  [TunnelKind.MPLS]: "mpls",
  [TunnelKind.PBB]: "ieee8021ah",
  [TunnelKind.PPPOE]: "pppoes",
  [TunnelKind.LISP]: "lisp-data",
  [TunnelKind.AYIYA]: "ayiya",
};

/** Length of the pseudo header that tshark takes out of a frame, by link type. */
const PSEUDO_HEADER_BYTES: Partial<Record<number, number>> = { [LinkType.SunAtm]: 4, [LinkType.PppWithDirection]: 1 };

/** What differs between the project's reading of a packet and tshark's; of a link type that tshark does not know, only lengths and time are compared. */
export function* compareLayers(packet: Packet, linkType: number, frame: TsharkFrame): Generator<string> {
  const pseudoBytes = PSEUDO_HEADER_BYTES[linkType] ?? 0;
  yield* differs("length", packet.originalLengthBytes - pseudoBytes, frame["frame.len"][0]);
  yield* differs("captured length", packet.frameEnd - packet.frameStart - pseudoBytes, frame["frame.cap_len"][0]);
  yield* compareTime(packet, frame["frame.time_epoch"][0]!);
  const isUnknownToTshark = frame["frame.encap_type"][0] === "0";
  if (isUnknownToTshark) return;
  const theirs = findInnermost(frame);
  yield* differs("VLAN", packet.vlanId, theirs.vlanIds[0] ?? "0");
  yield* differs("inner VLAN", packet.innerVlanId, theirs.vlanIds[1] ?? "0");
  const ours = Array.from(
    packet.tunnels.kinds.subarray(0, packet.tunnels.depth),
    (kind) => TUNNELS[kind] ?? `kind ${kind}`,
  );
  const names = theirs.tunnels.map(({ protocol }) => (protocol === "eth" ? "etherip" : protocol));
  if (ours.join() !== names.join()) {
    yield `tunnels ${ours.join() || "none"}, tshark ${names.join() || "none"}`;
    return;
  }
  for (const [index, tunnel] of theirs.tunnels.entries()) yield* compareTunnel(packet, index, tunnel);
  yield* compareNetwork(packet, theirs);
}

function* compareTime(packet: Packet, theirs: string): Generator<string> {
  // A fraction beyond one second is shown as it is by tshark, and carried here.
  if (!/^\d+\.\d{9}$/.test(theirs)) return;
  const time = packet.time.toBigInt();
  yield* differs("time", `${time / 1000000000n}.${String(time % 1000000000n).padStart(9, "0")}`, theirs);
}

function* compareTunnel(packet: Packet, index: number, theirs: TsharkTunnel): Generator<string> {
  const { kinds, ids, addresses, addressLengths } = packet.tunnels;
  const length = addressLengths[index]!;
  const source = index * TUNNEL_ADDRESS_BYTES;
  const destination = source + TUNNEL_ADDRESS_BYTES / 2;
  yield* differsAddress(`tunnel ${index} source`, addresses.subarray(source, source + length), theirs.source);
  yield* differsAddress(
    `tunnel ${index} destination`,
    addresses.subarray(destination, destination + length),
    theirs.destination,
  );
  if (theirs.id === undefined) return;
  yield* differs(
    `tunnel ${index} id`,
    ids[index]!,
    String(kinds[index] === TunnelKind.NVGRE ? theirs.id >>> 8 : theirs.id),
  );
}

function* compareNetwork(packet: Packet, theirs: TsharkInnermost): Generator<string> {
  if (packet.ipVersion === 0 && theirs.source === undefined) return;
  yield* differs("IP version", packet.ipVersion, String(theirs.ipVersion));
  if (packet.ipVersion === 0 || theirs.ipVersion === 0) return;
  const { bytes, addressLength, srcAddressStart, dstAddressStart } = packet;
  yield* differsAddress("source", bytes.subarray(srcAddressStart, srcAddressStart + addressLength), theirs.source);
  yield* differsAddress(
    "destination",
    bytes.subarray(dstAddressStart, dstAddressStart + addressLength),
    theirs.destination,
  );
  const transport = packet.fragmentOffset === 0 ? TRANSPORTS[packet.ipProtocol] : undefined;
  if (packet.ipVersion === 4) {
    yield* differsStatus("IPv4 checksum", verifyNetworkChecksum(packet), theirs.networkValue("ip.checksum.status"));
  }
  if (transport !== theirs.transport) yield `transport ${transport}, tshark ${theirs.transport}`;
  else if (transport !== undefined) yield* compareTransport(packet, transport, theirs);
}

function* compareTransport(packet: Packet, transport: string, theirs: TsharkInnermost): Generator<string> {
  // The name of a field is made of parts that are each checked by the caller.
  const value = (name: string) => theirs.transportValue(`${transport}.${name}` as TsharkField);
  const [src, dst] = transport.startsWith("icmp") ? ["type", "code"] : ["srcport", "dstport"];
  if (value(src!) !== undefined) yield* differs("source port", packet.srcPort, value(src!));
  if (value(dst!) !== undefined) yield* differs("destination port", packet.dstPort, value(dst!));
  yield* differsStatus(`${transport} checksum`, verifyTransportChecksum(packet), value("checksum.status"));
  if (transport === "udp" && Number(value("length")) >= 8) {
    yield* differs("UDP length", packet.payloadLengthBytes + 8, value("length"));
  }
  if (transport === "tcp" && packet.networkEnd - packet.transportStart >= 20) {
    yield* differs("sequence", packet.tcpSequence, value("seq_raw"));
    yield* differs("acknowledgement", packet.tcpAcknowledgement, value("ack_raw"));
    yield* differs("flags", packet.tcpFlags, String(Number(value("flags")) & 0x1ff));
    yield* differs("window", packet.tcpWindow, value("window_size_value"));
  }
}

/** Wireshark tells a checksum that must not be omitted from a bad one. */
const ILLEGAL = "4";

function* differsStatus(what: string, ours: ChecksumStatus, theirs: string | undefined): Generator<string> {
  if (theirs !== undefined) yield* differs(what, ours, theirs === ILLEGAL ? String(ChecksumStatus.Bad) : theirs);
}

function* differs(what: string, ours: number | string, theirs: string | undefined): Generator<string> {
  if (String(ours) !== theirs) yield `${what} ${ours}, tshark ${theirs}`;
}

function* differsAddress(what: string, ours: Uint8Array, theirs: string | undefined): Generator<string> {
  const bytes = theirs === undefined ? [] : ipaddr.parse(theirs).toByteArray();
  if (ours.length !== bytes.length || bytes.some((byte, i) => byte !== ours[i])) {
    yield `${what} ${Buffer.from(ours).toString("hex") || "none"}, tshark ${theirs}`;
  }
}
