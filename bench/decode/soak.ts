import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { registry } from "../../generated/registry.js";
import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { Pipeline } from "../../runtime/engine/pipeline.js";
import { nodeCryptography } from "../../runtime/node/node-cryptography.js";
import { report } from "../measure.js";
import { writeHttpCapture } from "../traffic/http-sessions.js";
import { writeImixCapture } from "../traffic/imix.js";
import { readTlsFlights } from "../traffic/tls-flights.js";
import { writeTlsCapture } from "../traffic/tls-sessions.js";

const MINUTES = Number(process.env["SOAK_MINUTES"] ?? 10);
const TLS_HANDSHAKE = fileURLToPath(new URL("../../plugins/tls/captures/versions.pcap", import.meta.url));
const SAMPLE_MS = 5000;

// One pipeline with every plugin, fed with HTTP, TLS and IMIX traffic over and over: is its memory flat?
const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
try {
  const captures = ["http.pcap", "tls.pcap", "imix.pcap"].map((name) => join(folder, name));
  writeHttpCapture(captures[0]!, 100e6);
  writeTlsCapture(captures[1]!, 100e6, await readTlsFlights(TLS_HANDSHAKE, 443, 12));
  writeImixCapture(captures[2]!, 300_000);
  const pipeline = new Pipeline(registry.plugins, { cryptography: nodeCryptography, session: 0 });
  const { signal } = new AbortController();
  const startedAt = performance.now();
  const samples: number[] = [];
  let nextSample = SAMPLE_MS;
  for (let round = 0; performance.now() - startedAt < MINUTES * 60_000; round++) {
    const source = await openCaptureFile(captures[round % captures.length]!);
    pipeline.startSource();
    for (let batch = await source.read(signal); batch !== null; batch = await source.read(signal)) {
      pipeline.process(batch, source.interfaces);
      for (const index of registry.plugins.keys()) pipeline.drop(index);
      if (performance.now() - startedAt >= nextSample) {
        samples.push(process.memoryUsage.rss() / 1048576);
        nextSample += SAMPLE_MS;
      }
    }
    await source.close();
  }
  const steady = samples.slice(Math.ceil(samples.length / 10));
  const half = steady.length >> 1;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  report("soak of every plugin", {
    minutes: MINUTES,
    "million packets": pipeline.packets / 1e6,
    "first half MiB": mean(steady.slice(0, half)),
    "second half MiB": mean(steady.slice(half)),
    "most MiB": Math.max(...samples),
  });
} finally {
  rmSync(folder, { recursive: true });
}
