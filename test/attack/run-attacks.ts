import { fork } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ATTACKS, type Attack } from "./attacks.js";
import { CollectorProcess } from "./collector-process.js";
import { dnsRows } from "./dns-rows.js";
import { IngestClient } from "./ingest-client.js";

const USAGE = `Usage: npm run attack -- [--seconds N] [--rows N] [WORD…]

Measures the latency of an agent's commits and of a client's pages and health checks, for N seconds (15) without and N seconds with each
attack. Each attack whose name contains one of the words, or every attack, gets a collector of its own with N rows (1 000 000). Prints
medians and 99th percentiles in milliseconds, the ratio of each 99th percentile to the quiet one, and the collector's memory. All traffic is
on loopback. Exit code 1 if the collector ends, or a victim is refused; 2 if no attack has one of the words.

Attacks: ${ATTACKS.map(({ name }) => name).join("; ")}.`;

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "15" },
    rows: { type: "string", default: "1000000" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit();
}
const seconds = Number(options.seconds);
const rowCount = Number(options.rows);
const FILL_BATCH_ROWS = 5000;

interface Measured {
  readonly latencies: Readonly<Record<string, readonly number[]>>;
  readonly failures: readonly string[];
}

const chosen = ATTACKS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(`no attack is called ${words.join(" or ")}; see --help`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "wireloom-attack-"));
try {
  const filled = join(folder, "filled.duckdb");
  const filling = await CollectorProcess.start(filled);
  try {
    await fill(filling);
  } finally {
    await filling.stop();
  }
  console.log(
    `${rowCount} rows; ${seconds} s each; latencies in milliseconds: median / 99th percentile (times the quiet one's)`,
  );
  for (const attack of chosen) {
    const database = join(folder, "attacked.duckdb");
    copyFileSync(filled, database);
    await tryAttack(await CollectorProcess.start(database), attack);
    rmSync(database, { force: true });
    rmSync(`${database}.wal`, { force: true });
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function tryAttack(collector: CollectorProcess, attack: Attack): Promise<void> {
  try {
    attack.prepare?.();
    const quiet = await measure(collector, undefined);
    describe(collector, attack.name, await measure(collector, attack), quiet);
    if (!collector.isRunning) console.log("  the collector ended");
    const lines = collector.log.split("\n").filter((line) => !/agent \S+ is (dis)?connected$/.test(line));
    for (const line of lines.slice(-6)) if (line !== "") console.log(`  ${line.slice(0, 150)}`);
    if (lines.length > 6) console.log(`  and ${lines.length - 6} more lines before`);
  } finally {
    await collector.stop();
  }
}

async function fill(collector: CollectorProcess): Promise<void> {
  const agent = new IngestClient(collector.url, "filler");
  let sent = Promise.resolve();
  for (let first = 0; first < rowCount; first += FILL_BATCH_ROWS) {
    const next = agent.send(dnsRows(first, FILL_BATCH_ROWS), FILL_BATCH_ROWS);
    if ((first / FILL_BATCH_ROWS) % 10 === 9) await sent;
    sent = next;
  }
  await sent;
  await agent.close();
}

/** The victims' latencies beside an attack. */
async function measure(collector: CollectorProcess, attack: Attack | undefined): Promise<Measured> {
  const victim = fork(fileURLToPath(new URL("victim.ts", import.meta.url)), [collector.url], {
    execArgv: ["--import", "tsx"],
  });
  const measured = new Promise<Measured>((resolve) =>
    victim.once("message", (message) => resolve(message as Measured)),
  );
  // The victim starts first, and its first seconds, which compile it, do not count for either.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const stop = new AbortController();
  const attacking = attack?.run({ url: collector.url, port: collector.port }, stop.signal);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  victim.send("stop");
  const result = await measured;
  stop.abort();
  await attacking;
  return result;
}

function describe(collector: CollectorProcess, name: string, beside: Measured, quiet: Measured): void {
  const { latencies, failures } = beside;
  const figures = Object.entries(latencies).map(([what, values]) => {
    const p99 = percentile(values, 0.99);
    const ratio = p99 / percentile(quiet.latencies[what]!, 0.99);
    const median = percentile(values, 0.5).toFixed(0);
    return `${what} ${median} / ${p99.toFixed(0)} (${ratio.toFixed(1)})`.padEnd(26);
  });
  const memory = collector.isRunning ? `${collector.residentMiB.toFixed(0)} MiB` : "ended";
  console.log(`${name.padEnd(40)} ${figures.join(" ")} ${memory}`);
  const allFailures = [...quiet.failures.map((failure) => `without the attack: ${failure}`), ...failures];
  for (const failure of allFailures) console.log(`  ${failure}`);
  if (allFailures.length > 0 || !collector.isRunning) process.exitCode = 1;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
