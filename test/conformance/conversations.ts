import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { RowObject } from "../../runtime/plugin/testing/decoder-bench.js";
import type { Agreement } from "./agreement.js";
import type { Difference } from "./comparison.js";

const run = promisify(execFile);

/** Packets and bytes of both directions together; bytes are not a number where tshark rounds them to kilobytes. */
interface Counts {
  packets: number;
  bytes: number;
}

/** Lays flows, added up by their endpoints, beside `tshark -z conv` of TCP and UDP: which there are, their packets and bytes. */
export async function compareConversations(
  path: string,
  name: string,
  flows: readonly RowObject[],
  agreement: Agreement,
): Promise<Difference[]> {
  const { stdout } = await run("tshark", ["-n", "-q", "-r", path, "-z", "conv,tcp", "-z", "conv,udp"], {
    maxBuffer: 1 << 30,
  });
  const differences: Difference[] = [];
  for (const transport of ["TCP", "UDP"]) {
    const theirs = readTable(stdout, `${transport} Conversations`);
    const ours = new Map<string, Counts>();
    for (const row of flows) {
      if (row["transport"] !== transport) continue;
      const key = keyOf(endpoint(row["src_address"], row["src_port"]), endpoint(row["dst_address"], row["dst_port"]));
      add(
        ours,
        key,
        Number(row["src_packets"]) + Number(row["dst_packets"]),
        Number(row["src_bytes"]) + Number(row["dst_bytes"]),
      );
    }
    for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
      const [our, their] = [ours.get(key), theirs.get(key)];
      const field = `${transport} conversation`;
      const isSame = our?.packets === their?.packets && (Number.isNaN(their?.bytes) || our?.bytes === their?.bytes);
      agreement.count(field, isSame);
      if (!isSame)
        differences.push({
          capture: name,
          frame: 0,
          field,
          ours: `${key}: ${textOf(our)}`,
          tshark: textOf(their),
        });
    }
  }
  return differences;
}

/** Lines such as `192.0.2.1:40000 <-> 192.0.2.53:53   1 100 bytes   1 80 bytes   2 180 bytes   0.0 0.1`. */
function readTable(text: string, title: string): Map<string, Counts> {
  const table = new Map<string, Counts>();
  const start = text.indexOf(title);
  if (start === -1) return table;
  for (const line of text.slice(start).split("\n").slice(1)) {
    if (line.startsWith("====")) break;
    const match = /^(\S+)\s+<->\s+(\S+)\s+\d+\s+\d+ \S+\s+\d+\s+\d+ \S+\s+(\d+)\s+(\d+) (\S+)/.exec(line);
    if (match === null) continue;
    const [, a, b, packets, size, unit] = match;
    add(table, keyOf(a!, b!), Number(packets), unit === "bytes" ? Number(size) : Number.NaN);
  }
  return table;
}

function add(table: Map<string, Counts>, key: string, packets: number, bytes: number): void {
  const counts = table.get(key) ?? { packets: 0, bytes: 0 };
  table.set(key, { packets: counts.packets + packets, bytes: counts.bytes + bytes });
}

function endpoint(address: unknown, port: unknown): string {
  return `${address}:${port}`;
}

function keyOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function textOf(counts: Counts | undefined): string {
  return counts === undefined ? "nothing" : `${counts.packets} packets, ${counts.bytes} bytes`;
}
