import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { TunnelKind } from "../../generated/wireloom/v1/observation-record.js";
import { loadPacket } from "../../runtime/capture/load-packet.js";
import type { PacketSource } from "../../runtime/capture/packet-source.js";
import { decodeLayers } from "../../runtime/packet/decode-layers.js";
import { IpProtocol } from "../../runtime/packet/ip-protocol.js";
import { Packet } from "../../runtime/packet/packet.js";
import type { Agreement } from "./agreement.js";
import { readCommunityIds } from "./community-ids.js";

const run = promisify(execFile);

/** Layers that are counted: as tshark names their protocols, and how one is told in a packet of ours. */
const LAYERS: Readonly<Record<string, (packet: Packet) => boolean>> = {
  vlan: (packet) => packet.vlanId !== 0,
  ip: (packet) => hasIp(packet, 4),
  ipv6: (packet) => hasIp(packet, 6),
  tcp: (packet) => hasTransport(packet, IpProtocol.Tcp),
  udp: (packet) => hasTransport(packet, IpProtocol.Udp) || hasUdpTunnel(packet),
  icmp: (packet) => hasTransport(packet, IpProtocol.Icmp),
  icmpv6: (packet) => hasTransport(packet, IpProtocol.Icmpv6),
  sctp: (packet) => hasTransport(packet, IpProtocol.Sctp),
  gre: (packet) => hasTunnel(packet, TunnelKind.GRE, TunnelKind.NVGRE, TunnelKind.ERSPAN),
  vxlan: (packet) => hasTunnel(packet, TunnelKind.VXLAN),
  geneve: (packet) => hasTunnel(packet, TunnelKind.GENEVE),
  gtp: (packet) => hasTunnel(packet, TunnelKind.GTPU),
  teredo: (packet) => hasTunnel(packet, TunnelKind.TEREDO),
  l2tp: (packet) => hasTunnel(packet, TunnelKind.L2TP),
  etherip: (packet) => hasTunnel(packet, TunnelKind.ETHERIP),
  mpls: (packet) => hasTunnel(packet, TunnelKind.MPLS),
  pppoes: (packet) => hasTunnel(packet, TunnelKind.PPPOE),
};

const UDP_TUNNELS: readonly number[] = [
  TunnelKind.VXLAN,
  TunnelKind.GENEVE,
  TunnelKind.GTPU,
  TunnelKind.TEREDO,
  TunnelKind.L2TP,
];
/** Layers that only a packet with something inside has: tshark also counts those that carry no packet. */
const CARRIERS = new Set(["gre", "vxlan", "geneve", "gtp", "teredo", "l2tp", "etherip", "mpls", "pppoes"]);

/** What tshark tells of each frame, in the order of the file. */
export interface FrameLayers {
  /** Protocols, without what ICMP errors quote. */
  readonly protocols: readonly ReadonlySet<string>[];
  /** Community IDs by frame number. */
  readonly communityIds: ReadonlyMap<number, string[]>;
}

/** Protocols and Community ID of each frame, of which fragments are not put together. */
export async function readFrameLayers(path: string): Promise<FrameLayers> {
  const preferences = ["-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"];
  const fields = ["-T", "fields", "-e", "frame.protocols"];
  const [{ stdout }, communityIds] = await Promise.all([
    run("tshark", ["-n", "-r", path, ...preferences, ...fields], { maxBuffer: 1 << 30 }),
    readCommunityIds(path),
  ]);
  const protocols = stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const names = line.split(":");
      const icmp = names.findIndex((protocol) => protocol === "icmp" || protocol === "icmpv6");
      return new Set(icmp === -1 ? names : names.slice(0, icmp + 1));
    });
  return { protocols, communityIds };
}

/** Counts, frame by frame, on which layers both readings agree. */
export async function compareLayers(
  source: PacketSource,
  protocols: readonly ReadonlySet<string>[],
  agreement: Agreement,
): Promise<void> {
  const packet = new Packet();
  const { signal } = new AbortController();
  let frame = 0;
  for (let batch = await source.read(signal); batch !== null; batch = await source.read(signal)) {
    for (let i = 0; i < batch.count; i++) {
      const theirs = protocols[frame++];
      loadPacket(packet, batch, i);
      if (theirs === undefined || !decodeLayers(packet, source.interfaces[packet.interfaceIndex]!.linkType)) continue;
      for (const [layer, isIn] of Object.entries(LAYERS)) {
        const ours = isIn(packet);
        if (!ours && !theirs.has(layer)) continue;
        if (!ours && CARRIERS.has(layer) && !carriesPacket(theirs, layer)) continue;
        agreement.count(layer, ours === theirs.has(layer));
      }
    }
  }
}

/** True when some network layer stands behind the carrier in tshark's reading. */
function carriesPacket(protocols: ReadonlySet<string>, carrier: string): boolean {
  const behind = [...protocols].slice([...protocols].indexOf(carrier) + 1);
  return behind.includes("ip") || behind.includes("ipv6");
}

function hasIp(packet: Packet, version: number): boolean {
  if (packet.ipVersion === version) return true;
  const length = version === 4 ? 4 : 16;
  return packet.tunnels.addressLengths.subarray(0, packet.tunnels.depth).includes(length);
}

function hasTransport(packet: Packet, protocol: number): boolean {
  return packet.ipProtocol === protocol && packet.fragmentOffset === 0 && packet.ipVersion !== 0;
}

function hasTunnel(packet: Packet, ...kinds: readonly number[]): boolean {
  return packet.tunnels.kinds.subarray(0, packet.tunnels.depth).some((kind) => kinds.includes(kind));
}

function hasUdpTunnel(packet: Packet): boolean {
  return hasTunnel(packet, ...UDP_TUNNELS);
}
