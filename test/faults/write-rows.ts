import { BATCH_ROWS, dnsBatches } from "../attack/dns-rows.js";
import { IngestClient } from "../attack/ingest-client.js";

const BATCHES_IN_FLIGHT = 24;

// A process of its own: stores rows in the collector at the first argument at full rate for as many seconds as the second says, and tells
// its parent how many are committed.
const [url, seconds] = process.argv.slice(2);
await writeRows(url!, Number(seconds), (rows) => process.send!(rows));
process.disconnect();

async function writeRows(url: string, seconds: number, onCommit: (rows: number) => void): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const client = new IngestClient(url, "writer");
  const inFlight = new Set<Promise<void>>();
  let rows = 0;
  for (const batch of dnsBatches()) {
    const sent = client.send(batch, BATCH_ROWS).then(() => {
      rows += BATCH_ROWS;
      onCommit(rows);
      inFlight.delete(sent);
    });
    inFlight.add(sent);
    if (inFlight.size >= BATCHES_IN_FLIGHT) await Promise.race(inFlight);
    if (performance.now() >= until) break;
  }
  await Promise.all(inFlight);
  await client.close();
}
