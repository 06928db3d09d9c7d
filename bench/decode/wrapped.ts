import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, report } from "../measure.js";
import { type Contestant, wireloomDecode } from "../peers/peers.js";
import { race } from "../peers/race.js";
import { writeDnsCapture } from "../traffic/dns.js";
import { writeImixCapture } from "../traffic/imix.js";
import { writeFragmentedCapture, writeTunnelledCapture } from "../traffic/wrapped.js";
import { timeInProcess } from "./in-process.js";

const PACKETS = 200_000;

// The cost of what lies around a packet: an IMIX inside VXLAN, and DNS in fragments of 32 bytes.
const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
try {
  const imix = join(folder, "imix.pcap");
  const tunnelled = join(folder, "vxlan.pcap");
  const dns = join(folder, "dns.pcap");
  const fragmented = join(folder, "fragments.pcap");
  writeImixCapture(imix, PACKETS);
  writeDnsCapture(dns, PACKETS);
  await writeTunnelledCapture(imix, tunnelled);
  await writeFragmentedCapture(dns, fragmented, 32);
  for (const [title, path, resource] of [
    ["IMIX", imix, "flow"],
    ["IMIX in VXLAN", tunnelled, "flow"],
    ["DNS", dns, "dns"],
    ["DNS in fragments", fragmented, "dns"],
  ] as const) {
    const seconds = median(await timeInProcess(path, [resource], 5));
    report(`${title}, in process`, { "packets/s": PACKETS / seconds });
    const tshark: Contestant = { name: "tshark", command: "tshark", args: ["-n", "-q", "-r", path, "-z", "conv,udp"] };
    race(title, PACKETS, "packets", [wireloomDecode(path, resource), tshark], 1);
  }
} finally {
  rmSync(folder, { recursive: true });
}
