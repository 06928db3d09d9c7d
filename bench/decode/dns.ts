import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registry } from "../../generated/registry.js";
import { median, report } from "../measure.js";
import { buildGopacketPeer, gopacket, wireloomDecode } from "../peers/peers.js";
import { race } from "../peers/race.js";
import { writeDnsCapture } from "../traffic/dns.js";
import { timeInProcess } from "./in-process.js";

const PACKETS = 1_000_000;

// One million DNS packets, as whole processes: transactions with Community ID by wireloom and by gopacket; the least that gopacket can
// do, a row a message without pairing or Community ID; tshark with the same fields. Then decoding inside one process.
const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
try {
  const capture = join(folder, "dns.pcap");
  writeDnsCapture(capture, PACKETS);
  const program = buildGopacketPeer(folder);
  const fields = registry.plugins
    .filter(({ table }) => table.resource === "dns")
    .flatMap(({ table }) => table.columns.flatMap(({ wireshark }) => wireshark.slice(0, 1)))
    .filter((field) => field !== "communityid");
  const tshark = ["-n", "-r", capture, "-T", "fields", ...new Set(fields.flatMap((field) => `-e${field}`))];
  const contestants = [
    wireloomDecode(capture, "dns"),
    ...gopacket(program, "dns", capture),
    ...gopacket(program, "dns-messages", capture),
  ];
  race("1 M DNS packets", PACKETS, "packets", contestants, 5);
  race(
    "1 M DNS packets",
    PACKETS,
    "packets",
    [wireloomDecode(capture, "dns"), { name: "tshark", command: "tshark", args: tshark }],
    2,
  );
  const seconds = median(await timeInProcess(capture, ["dns"], 5));
  report("decode to encoded batches, in process", { "packets/s": PACKETS / seconds });
} finally {
  rmSync(folder, { recursive: true });
}
