import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, report } from "../measure.js";
import { buildGopacketPeer, type Contestant, gopacket, wireloomDecode } from "../peers/peers.js";
import { race } from "../peers/race.js";
import { writeImixCapture } from "../traffic/imix.js";
import { timeInProcess } from "./in-process.js";

const PACKETS = 2_000_000;
/** tshark and tcpdump print every packet; they get fewer of them. */
const FEWER_PACKETS = 200_000;

// Flows of an IMIX of 20 000 conversations at a time. nfpcapd and gopacket meter the same flows, ndpiReader looks into the packets too,
// tshark adds conversations up, tcpdump only decodes and prints.
const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
try {
  const capture = join(folder, "imix.pcap");
  const fewer = join(folder, "imix-fewer.pcap");
  writeImixCapture(capture, PACKETS);
  writeImixCapture(fewer, FEWER_PACKETS);
  const netflow = join(folder, "netflow");
  mkdirSync(netflow);
  const program = buildGopacketPeer(folder);
  const contestants: Contestant[] = [
    wireloomDecode(capture, "flow"),
    { name: "nfpcapd", command: "nfpcapd", args: ["-r", capture, "-w", netflow] },
    { name: "ndpiReader", command: "ndpiReader", args: ["-i", capture, "-q"] },
    ...gopacket(program, "flow", capture),
  ];
  race("2 M IMIX packets", PACKETS, "packets", contestants, 5);
  const printing: Contestant[] = [
    wireloomDecode(fewer, "flow"),
    { name: "tcpdump", command: "tcpdump", args: ["-n", "-q", "-r", fewer] },
    { name: "tshark", command: "tshark", args: ["-n", "-q", "-r", fewer, "-z", "conv,ip"] },
  ];
  race("200 000 IMIX packets", FEWER_PACKETS, "packets", printing, 3);
  const seconds = median(await timeInProcess(capture, ["flow"], 5));
  report("flow metering, in process", { "packets/s": PACKETS / seconds });
} finally {
  rmSync(folder, { recursive: true });
}
