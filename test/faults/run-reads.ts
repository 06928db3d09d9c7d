import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CollectorProcess } from "../attack/collector-process.js";
import { readBesideIngest } from "./reads-beside-ingest.js";

const USAGE = `Usage: npm run reads -- [--minutes N] [--readers N]

Stores rows at full rate for N minutes (10) while N readers (8) ask every endpoint and check each value that comes back. Times are those after
the first 15 s, in which the processes warm up. Exit code 1 when a
value is not the one that was sent, when a request fails other than by a declared refusal, or when the collector ends.`;

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    readers: { type: "string", default: "8" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit();
}
const seconds = Number(options.minutes) * 60;
const folder = mkdtempSync(join(tmpdir(), "wireloom-reads-"));
const collector = await CollectorProcess.start(join(folder, "rows.duckdb"));
try {
  const { rows, endpoints, mistakes } = await readBesideIngest(collector, seconds, Number(options.readers));
  console.log(
    `${rows} rows committed in ${seconds} s (${Math.round(rows / seconds)} a second), ${collector.residentMiB.toFixed(0)} MiB`,
  );
  for (const [name, { answers, refusals, milliseconds }] of endpoints) {
    const sorted = milliseconds.toSorted((left, right) => left - right);
    const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(0);
    console.log(
      `${name.padEnd(26)} ${answers} answers, ${refusals} refusals, median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms`,
    );
  }
  console.log(`${mistakes.length} mistakes`);
  for (const mistake of mistakes.slice(0, 20)) console.log(`  ${mistake}`);
  if (mistakes.length > 0 || !collector.isRunning) process.exitCode = 1;
  if (collector.log !== "") console.log(collector.log.slice(0, 2000));
} finally {
  const code = await collector.stop();
  if (code !== 0) {
    console.log(`the collector ended with ${code}`);
    process.exitCode = 1;
  }
  rmSync(folder, { recursive: true });
}
