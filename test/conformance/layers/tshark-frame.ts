import { spawnSync } from "node:child_process";

/** What is asked of tshark, all occurrences of each. */
export const LAYER_FIELDS = [
  "frame.len",
  "frame.cap_len",
  "frame.time_epoch",
  "frame.encap_type",
  "frame.protocols",
  "vlan.id",
  "ieee8021ad.id",
  "ieee8021ad.svid",
  "ieee8021ad.cvid",
  "ip.src",
  "ip.dst",
  "ip.flags.mf",
  "ip.frag_offset",
  "ipv6.src",
  "ipv6.dst",
  "ipv6.fraghdr.more",
  "ipv6.fraghdr.offset",
  "tcp.srcport",
  "tcp.dstport",
  "tcp.seq_raw",
  "tcp.ack_raw",
  "tcp.flags",
  "tcp.window_size_value",
  "udp.srcport",
  "udp.dstport",
  "udp.length",
  "sctp.srcport",
  "sctp.dstport",
  "dccp.srcport",
  "dccp.dstport",
  "icmp.type",
  "icmp.code",
  "icmpv6.type",
  "icmpv6.code",
  "gre.key",
  "gre.key.call_id",
  "erspan.spanid",
  "vxlan.vni",
  "geneve.vni",
  "gtp.teid",
  "l2tp.tunnel",
  "l2tp.session",
  "l2tp.sid",
  "mpls.label",
  "mpls.bottom",
  "ieee8021ah.isid",
  "pppoe.session_id",
  "ip.checksum.status",
  "tcp.checksum.status",
  "udp.checksum.status",
  "icmp.checksum.status",
  "icmpv6.checksum.status",
  "sctp.checksum.status",
] as const;

/** One of the fields that are asked of tshark. */
export type TsharkField = (typeof LAYER_FIELDS)[number];

/** A frame as tshark reads it: the values of each field in their order, none where the frame lacks it. */
export type TsharkFrame = Readonly<Record<TsharkField, readonly string[]>>;

/** Separates values: tshark writes it nowhere else, as it escapes control characters. */
const SEPARATOR = "\x1f";

/** Every packet by itself, no fragments reassembled; checksums are verified. */
const PREFERENCES = [
  "ip.defragment:FALSE",
  "ipv6.defragment:FALSE",
  "wlan.defragment:FALSE",
  "ip.check_checksum:TRUE",
  "tcp.check_checksum:TRUE",
  "udp.check_checksum:TRUE",
  "sctp.checksum:CRC-32C",
];
/** Rules for the option `-d` of tshark: tunnels on ports that the runtime assigns to them and tshark does not. */
export const TUNNEL_DECODE_AS: readonly string[] = ["udp.port==8472,vxlan"];

/** Reads a capture with tshark; undefined for one whose link type it does not know. */
export function readTsharkFrames(path: string): TsharkFrame[] | undefined {
  const { stdout, stderr } = spawnSync(
    "tshark",
    [
      ...["-n", "-r", path],
      ...PREFERENCES.flatMap((preference) => ["-o", preference]),
      ...TUNNEL_DECODE_AS.flatMap((rule) => ["-d", rule]),
      ...["-T", "fields", "-E", "occurrence=a", "-E", `aggregator=${SEPARATOR}`],
      ...LAYER_FIELDS.flatMap((field) => ["-e", field]),
    ],
    { encoding: "utf8", maxBuffer: 1 << 30, timeout: 60_000 },
  );
  if (stderr.includes("doesn't support")) return undefined;
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const columns = line.split("\t");
      // The fields are exactly those that were asked for.
      return Object.fromEntries(
        LAYER_FIELDS.map((field, i) => [field, columns[i] ? columns[i].split(SEPARATOR) : []]),
      ) as unknown as TsharkFrame;
    });
}
