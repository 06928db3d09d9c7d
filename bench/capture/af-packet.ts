/**
 * Packets lost and processor time a packet of the live sources, before any decoding: a million small UDP packets replayed into a
 * veth pair by tcpreplay. Run as root: `node --import tsx bench/capture/af-packet.ts [packets a second, or "topspeed"]…`
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAfPacket } from "../../runtime/capture/af-packet-source.js";
import { openCap } from "../../runtime/capture/cap-source.js";
import type { PacketSource } from "../../runtime/capture/packet-source.js";
import { buildPcap } from "../../runtime/capture/testing/build-capture.js";
import { reasonWithoutVeth, VethPair } from "../../runtime/capture/testing/veth-pair.js";
import { WireloomError } from "../../runtime/wireloom-error.js";
import { report, reportAbsence } from "../measure.js";

const PACKETS = 1_000_000;
/** Reading ends when nothing came for so long after the replay. */
const QUIET_MS = 1000;

interface Result {
  readonly received: number;
  readonly dropped: number;
  readonly processorNs: number;
  readonly rate: number;
}

async function main(rates: readonly string[]): Promise<void> {
  const reason = reasonWithoutVeth();
  if (reason !== "") {
    reportAbsence("live sources", `the benchmark ${reason}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
  const pair = new VethPair("bch");
  try {
    const path = join(folder, "packets.pcap");
    writeFileSync(path, buildPcap(datagrams()));
    const sources = [
      ["af-packet", () => Promise.resolve(openAfPacket({ interfaceNames: [pair.name] }))],
      ["cap", () => openCap({ interfaceName: pair.name })],
    ] as const;
    for (const rate of rates) {
      const option = rate === "topspeed" ? "--topspeed" : `--pps=${rate}`;
      for (const [name, open] of sources) {
        const source = await openOrReport(name, open);
        if (source === undefined) continue;
        const {
          received,
          dropped,
          processorNs,
          rate: reached,
        } = await measure(source, () => pair.replay(path, "--preload-pcap", option));
        await source.close();
        report(`${name}, ${rate === "topspeed" ? "top speed" : `${rate} packets a second`}`, {
          "reached packets a second": reached,
          sent: PACKETS,
          received,
          lost: PACKETS - received,
          "counted as dropped": dropped,
          "processor ns": processorNs,
        });
      }
    }
  } finally {
    pair.remove();
    rmSync(folder, { recursive: true });
  }
}

async function measure(source: PacketSource, replay: () => Promise<string>): Promise<Result> {
  const { signal } = new AbortController();
  const before = process.cpuUsage();
  let received = 0;
  let processor = before;
  let lastArrivalMs = Date.now();
  let replayed: string | undefined;
  const replaying = replay().then((text) => {
    replayed = text;
    lastArrivalMs = Date.now();
  });
  while (replayed === undefined || (received < PACKETS && Date.now() - lastArrivalMs < QUIET_MS)) {
    const batch = await source.read(signal);
    if (batch === null) break;
    if (batch.count === 0) continue;
    received += batch.count;
    lastArrivalMs = Date.now();
    processor = process.cpuUsage(before);
  }
  await replaying;
  return {
    received,
    dropped: source.counters.dropped,
    processorNs: ((processor.user + processor.system) * 1000) / PACKETS,
    rate: Number(/([\d.]+) pps/.exec(replayed ?? "")?.[1]),
  };
}

/** Opens a source; undefined, with the reason printed, if this machine does not have what it needs. */
async function openOrReport(name: string, open: () => Promise<PacketSource>): Promise<PacketSource | undefined> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof WireloomError)) throw error;
    reportAbsence(name, error.message);
    return undefined;
  }
}

/** Ethernet, IPv4 and UDP with 18 bytes of payload: 60 bytes, the least that Ethernet carries. */
function datagrams() {
  const frame = "020000000002020000000001 0800 4500002e000000004011 0000 0a000001 0a000002 c0000035001a0000";
  const head = Buffer.from(frame.replaceAll(" ", ""), "hex");
  return Array.from({ length: PACKETS }, (_, i) => {
    const bytes = Buffer.alloc(60);
    head.copy(bytes);
    bytes.writeUInt32BE(i, 42);
    return { bytes, seconds: 1, fraction: 0 };
  });
}

await main(process.argv.length > 2 ? process.argv.slice(2) : ["100000", "topspeed"]);
