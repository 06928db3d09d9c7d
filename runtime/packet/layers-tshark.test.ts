import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCaptureFile } from "../capture/capture-file.js";
import { loadPacket } from "../capture/load-packet.js";
import { WireloomError } from "../wireloom-error.js";
import { decodeLayers } from "./decode-layers.js";
import { IpProtocol } from "./ip-protocol.js";
import { LinkType } from "./link-type.js";
import { Packet } from "./packet.js";

const folder = process.env["WIRELOOM_CAPTURES"];
const reason = folder === undefined ? " (skipped: WIRELOOM_CAPTURES names no folder of captures)" : "";

const FIELDS = [
  "frame.len",
  "frame.cap_len",
  "frame.time_epoch",
  "frame.protocols",
  "_ws.malformed",
  "vlan.id",
  "ip.src",
  "ipv6.src",
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
  "icmp.type",
  "icmp.code",
  "icmpv6.type",
  "icmpv6.code",
] as const;
type Row = Record<(typeof FIELDS)[number], string>;

const LINK_LAYERS = new Set(["eth", "ethertype", "vlan", "ieee8021ad", "raw", "null", "loop", "sll", "sll.ltype"]);
const IP_EXTENSIONS = new Set(["ah", "ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts"]);
const TRANSPORTS: Partial<Record<number, string>> = {
  [IpProtocol.Tcp]: "tcp",
  [IpProtocol.Udp]: "udp",
  [IpProtocol.Icmp]: "icmp",
  [IpProtocol.Icmpv6]: "icmpv6",
  [IpProtocol.Sctp]: "sctp",
};

test.skipIf(folder === undefined)(
  `every capture is read as tshark reads it${reason}`,
  { timeout: 1_200_000 },
  async () => {
    const differences: string[] = [];
    let compared = 0;
    for (const path of capturesOf(folder!)) {
      const rows = readWithTshark(path);
      if (rows === undefined) continue;
      const count = await readHere(path, (packet, linkType, index) => {
        const row = rows[index];
        if (row === undefined || !isKnown(linkType)) return;
        compared++;
        for (const difference of compare(packet, row)) differences.push(`${path} frame ${index + 1}: ${difference}`);
      });
      if (count !== rows.length) differences.push(`${path}: ${count} packets, tshark reads ${rows.length}`);
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  },
);

function isKnown(linkType: number): boolean {
  return Object.values<number>(LinkType).includes(linkType);
}

function capturesOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(pcap|pcapng|cap)(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Undefined for a capture whose link type tshark does not know. */
function readWithTshark(path: string): Row[] | undefined {
  const fields = FIELDS.flatMap((field) => ["-e", field]);
  const preferences = ["-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"];
  const { stdout, stderr } = spawnSync(
    "tshark",
    ["-n", "-r", path, ...preferences, "-T", "fields", "-E", "occurrence=f", ...fields],
    { encoding: "utf8", maxBuffer: 1 << 30, timeout: 60_000 },
  );
  if (stderr.includes("doesn't support")) return undefined;
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const values = line.split("\t");
      // The fields are exactly those that were asked for.
      return Object.fromEntries(FIELDS.map((field, i) => [field, values[i] ?? ""])) as Row;
    });
}

async function readHere(
  path: string,
  visit: (packet: Packet, linkType: number, index: number) => void,
): Promise<number> {
  const packet = new Packet();
  let count = 0;
  try {
    const source = await openCaptureFile(path);
    for (let batch = await source.read(never); batch !== null; batch = await source.read(never)) {
      for (let i = 0; i < batch.count; i++) {
        loadPacket(packet, batch, i);
        const { linkType } = source.interfaces[packet.interfaceIndex]!;
        decodeLayers(packet, linkType);
        visit(packet, linkType, count++);
      }
    }
    await source.close();
  } catch (error) {
    expect(error).toBeInstanceOf(WireloomError);
  }
  return count;
}

const never = new AbortController().signal;

/** What differs; a packet that tshark calls malformed is compared by its frame only, because tshark shows it in part. */
function* compare(packet: Packet, row: Row): Generator<string> {
  yield* differs("length", packet.originalLengthBytes, row["frame.len"]);
  yield* differs("captured length", packet.frameEnd - packet.frameStart, row["frame.cap_len"]);
  const time = packet.time.toBigInt();
  // A fraction beyond one second is shown as it is by tshark, and carried here.
  if (/^\d+\.\d{9}$/.test(row["frame.time_epoch"])) {
    yield* differs(
      "time",
      `${time / 1000000000n}.${String(time % 1000000000n).padStart(9, "0")}`,
      row["frame.time_epoch"],
    );
  }
  if (row["_ws.malformed"] !== "") return;
  const protocols = row["frame.protocols"].split(":");
  let layer = protocols.findIndex((protocol) => !LINK_LAYERS.has(protocol));
  if (layer < 0) layer = protocols.length;
  const linkLayers = protocols.slice(0, layer);
  if (linkLayers.includes("vlan") && !linkLayers.includes("ieee8021ad"))
    yield* differs("VLAN", packet.vlanId, row["vlan.id"]);
  if (protocols[layer] !== "ip" && protocols[layer] !== "ipv6")
    return yield* differs("IP version", packet.ipVersion, "0");
  // tshark shows what there is of a cut header.
  if (packet.frameEnd - packet.networkStart < (protocols[layer] === "ip" ? 20 : 40)) return;
  if (packet.ipVersion === 0 && row[protocols[layer] === "ip" ? "ip.src" : "ipv6.src"] === "") return;
  const source = Array.from(packet.bytes.subarray(packet.srcAddressStart, packet.srcAddressStart + 4)).join(".");
  if (protocols[layer] === "ip") yield* differs("source", source, row["ip.src"]);
  else yield* differs("IP version", packet.ipVersion, "6");
  yield* compareTransport(
    packet,
    row,
    protocols.slice(layer + 1).find((protocol) => !IP_EXTENSIONS.has(protocol)),
  );
}

function* compareTransport(packet: Packet, row: Row, seen: string | undefined): Generator<string> {
  const transport = packet.fragmentOffset === 0 ? TRANSPORTS[packet.ipProtocol] : undefined;
  const theirs = Object.values(TRANSPORTS).find((name) => name === seen);
  if (transport !== theirs) yield `transport ${transport}, tshark ${theirs}`;
  if (transport === undefined || transport !== theirs) return;
  const ports = transport.startsWith("icmp") ? ["type", "code"] : ["srcport", "dstport"];
  // The name of a field is made of parts that are each checked above.
  const [src, dst] = ports.map((port) => row[`${transport}.${port}` as keyof Row]);
  if (src !== "") yield* differs("source port", packet.srcPort, src!);
  if (dst !== "") yield* differs("destination port", packet.dstPort, dst!);
  if (transport === "udp" && Number(row["udp.length"]) >= 8) {
    yield* differs("UDP length", packet.payloadLengthBytes + 8, row["udp.length"]);
  }
  if (transport === "tcp" && packet.networkEnd - packet.transportStart >= 20) {
    yield* differs("sequence", packet.tcpSequence, row["tcp.seq_raw"]);
    yield* differs("acknowledgement", packet.tcpAcknowledgement, row["tcp.ack_raw"]);
    yield* differs("flags", packet.tcpFlags, String(Number(row["tcp.flags"]) & 0x1ff));
    yield* differs("window", packet.tcpWindow, row["tcp.window_size_value"]);
  }
}

function* differs(what: string, ours: number | string, theirs: string): Generator<string> {
  if (String(ours) !== theirs) yield `${what} ${ours}, tshark ${theirs}`;
}
