// Run as a process of its own: an agent that sends a few rows again and again, and a client that asks for a page and for the health.
// Prints one line of JSON when it is stopped: the latencies in milliseconds of each.

import { randomBytes } from "node:crypto";
import { dnsRows } from "./dns-rows.js";
import { IngestClient } from "./ingest-client.js";

const INTERVAL_MS = 50;
const url = process.argv[2]!;
const latencies: Record<string, number[]> = { commit: [], page: [], health: [] };
const failures: string[] = [];
let isStopping = false;

async function repeat(name: string, work: () => Promise<void>): Promise<void> {
  while (!isStopping) {
    const started = performance.now();
    try {
      await work();
    } catch (error) {
      if (failures.length < 10) failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    latencies[name]!.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

async function ask(path: string): Promise<void> {
  const response = await fetch(url + path, { signal: AbortSignal.timeout(30_000) });
  await response.text();
  if (!response.ok) throw new Error(`${path} is answered with ${response.status}`);
}

const agent = new IngestClient(url, `victim-${randomBytes(4).toString("hex")}`);
let n = 100_000_000;
process.on("message", () => {
  isStopping = true;
});
await Promise.all([
  repeat("commit", () => {
    n += 20;
    return agent.send(dnsRows(n, 20), 20);
  }),
  repeat("page", () => ask("/v1/dns?rcode_eq=NXDOMAIN")),
  repeat("health", () => ask("/healthz")),
]);
await agent.close();
process.send!({ latencies, failures });
process.disconnect();
