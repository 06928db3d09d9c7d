import { appendFileSync } from "node:fs";

/** Environment variable with the file that reports are appended to, a line of JSON each. */
export const REPORTS_VARIABLE = "WIRELOOM_BENCH_REPORTS";

/** Environment variable that is `0` where peers are omitted, because two versions of Wireloom are compared. */
export const PEERS_VARIABLE = "WIRELOOM_BENCH_PEERS";

/** One line of a benchmark's report. */
export interface Report {
  readonly name: string;
  /** Numbers in the unit that the key ends with, such as `rows/s`; texts if there is no number. */
  readonly figures: Readonly<Record<string, string | number>>;
}

/** Median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds of processor time that this process takes to run something: on a shared machine it differs less than wall time. */
export function processorMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Runs two contestants in turn, A B A B, after a warm-up round, and returns the least processor milliseconds of each. A process's time
 * includes its threads that compile and collect garbage, also the garbage of the other contestant: they only ever add to a round, and
 * medians differ by a factor of two between runs of one version where minima differ by a few percent.
 */
export function raceMs(a: () => void, b: () => void, rounds: number): { a: number; b: number } {
  processorMs(a);
  processorMs(b);
  const times: { a: number[]; b: number[] } = { a: [], b: [] };
  for (let i = 0; i < rounds; i++) {
    times.a.push(processorMs(a));
    times.b.push(processorMs(b));
  }
  return { a: Math.min(...times.a), b: Math.min(...times.b) };
}

/** Whether benchmarks run beside their peers. */
export function hasPeers(): boolean {
  return process.env[PEERS_VARIABLE] !== "0";
}

/** Reports figures of Wireloom's own: on standard output, and to the run that keeps and compares them. */
export function report(name: string, figures: Report["figures"]): void {
  reportPeer(name, figures);
  const file = process.env[REPORTS_VARIABLE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ name, figures } satisfies Report)}\n`);
}

/** Reports figures of a peer, which are not kept. */
export function reportPeer(name: string, figures: Report["figures"]): void {
  const parts = Object.entries(figures).map(
    ([key, value]) => `${key} ${typeof value === "number" ? format(value) : value}`,
  );
  console.log(`${name}: ${parts.join(", ")}`);
}

/** Says why a benchmark, or a part of it, does not run here. */
export function reportAbsence(name: string, reason: string): void {
  console.log(`${name}: left out, ${reason}`);
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en").replaceAll(",", " ") : value.toFixed(2);
}
