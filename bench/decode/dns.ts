import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { registry } from "../../generated/registry.js";
import { Pipeline } from "../../runtime/agent/pipeline.js";
import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { median, report } from "../measure.js";
import { writeDnsCapture } from "./dns-capture.js";

const PACKETS = 1_000_000;
const ROUNDS = 5;
const WIRELOOM = fileURLToPath(new URL("../../dist/runtime/cli/wireloom.js", import.meta.url));

// One million DNS packets: `wireloom decode` as a whole process against tshark with the same fields, in turn; then decoding to
// encoded batches inside one process.
const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
try {
  const capture = join(folder, "dns.pcap");
  writeDnsCapture(capture, PACKETS);
  const fields = registry.plugins
    .filter(({ table }) => table.resource === "dns")
    .flatMap(({ table }) => table.columns.flatMap(({ wireshark }) => wireshark.slice(0, 1)))
    .filter((field) => field !== "communityid");
  const tshark = ["-n", "-r", capture, "-T", "fields", ...new Set(fields.flatMap((field) => `-e${field}`))];

  const ours: number[] = [];
  const theirs: number[] = [];
  run(process.execPath, [WIRELOOM, "decode", capture, "--protocol", "dns", "--format", "none"]);
  for (let i = 0; i < ROUNDS; i++) {
    ours.push(run(process.execPath, [WIRELOOM, "decode", capture, "--protocol", "dns", "--format", "none"]));
    if (i < 3) theirs.push(run("tshark", tshark));
  }
  report("decode 1 M DNS packets, whole process", {
    "wireloom packets/s": PACKETS / median(ours),
    "tshark packets/s": PACKETS / median(theirs),
    ratio: median(theirs) / median(ours),
  });

  const inProcess: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const pipeline = new Pipeline(
      registry.plugins.filter(({ table }) => table.resource === "dns"),
      { session: 0 },
    );
    const source = await openCaptureFile(capture);
    const { signal } = new AbortController();
    const start = performance.now();
    for (let batch = await source.read(signal); batch !== null; batch = await source.read(signal)) {
      pipeline.process(batch, source.interfaces);
      pipeline.drop(0);
    }
    pipeline.finish();
    inProcess.push((performance.now() - start) / 1000);
    await source.close();
  }
  report("decode to encoded batches, in process", { "packets/s": PACKETS / median(inProcess) });
} finally {
  rmSync(folder, { recursive: true });
}

/** Runs a command, its output thrown away, and returns its seconds. */
function run(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, error, stderr } = spawnSync(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.toString()}`);
  return (performance.now() - start) / 1000;
}
