import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, report } from "../measure.js";
import { buildGopacketPeer, type Contestant, gopacket, wireloomDecode } from "../peers/peers.js";
import { race } from "../peers/race.js";
import { writeHttpCapture } from "../traffic/http-sessions.js";
import { readTlsFlights } from "../traffic/tls-flights.js";
import { writeTlsCapture } from "../traffic/tls-sessions.js";
import { timeInProcess } from "./in-process.js";

const MEGABYTE = 1e6;
const PAYLOAD_BYTES = 600 * MEGABYTE;
/** tshark gets less. */
const LESS_BYTES = 60 * MEGABYTE;
const TLS_HANDSHAKE = fileURLToPath(new URL("../../plugins/tls/captures/versions.pcap", import.meta.url));

// TCP payload through reassembly to rows: HTTP transactions, TLS handshakes. gopacket's reassembly makes transactions of the same fields
// without redaction; of TLS it reads record headers only and makes one row a connection.
const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
try {
  const program = buildGopacketPeer(folder);
  const flights = await readTlsFlights(TLS_HANDSHAKE, 443, 12);
  for (const protocol of ["http", "tls"] as const) {
    const write = (path: string, bytes: number) =>
      protocol === "http" ? writeHttpCapture(path, bytes) : writeTlsCapture(path, bytes, flights);
    const capture = join(folder, `${protocol}.pcap`);
    const less = join(folder, `${protocol}-less.pcap`);
    const megabytes = write(capture, PAYLOAD_BYTES) / MEGABYTE;
    const lessMegabytes = write(less, LESS_BYTES) / MEGABYTE;
    const contestants: Contestant[] = [wireloomDecode(capture, protocol), ...gopacket(program, protocol, capture)];
    race(`${protocol} streams`, megabytes, "MB", contestants, 3);
    const tshark = ["-n", "-r", less, "-Y", protocol, "-T", "fields", "-e", "frame.number"];
    race(
      `${protocol} streams, 60 MB`,
      lessMegabytes,
      "MB",
      [wireloomDecode(less, protocol), { name: "tshark", command: "tshark", args: tshark }],
      1,
    );
    const seconds = median(await timeInProcess(capture, [protocol], 3));
    report(`${protocol} streams, in process`, { "MB/s": megabytes / seconds });
    rmSync(capture);
  }
} finally {
  rmSync(folder, { recursive: true });
}
