import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Every benchmark, in the order they run; `npm run bench -- codec` runs those whose name holds the word. */
const BENCHMARKS = [
  "codec/codec.ts",
  "decode/dns.ts",
  "decode/flow.ts",
  "decode/streams.ts",
  "decode/wrapped.ts",
  "decode/soak.ts",
  "store/append.ts",
  "query/filter-lookup.ts",
  "query/rest-page.ts",
  "ingest/end-to-end.ts",
  "capture/af-packet.ts",
];

const words = process.argv.slice(2);
for (const name of BENCHMARKS) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  console.log(`\n# ${name}`);
  const script = fileURLToPath(new URL(name, import.meta.url));
  const { status } = spawnSync(process.execPath, ["--import", "tsx", script], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
