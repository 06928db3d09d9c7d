import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { readCorpus } from "./corpus.js";
import type { FuzzProperty, FuzzTarget } from "./fuzz-target.js";
import { codecsTarget } from "./targets/codecs.js";
import { conversationsTarget } from "./targets/conversations.js";
import { decodersTarget } from "./targets/decoders.js";
import { defragmentationTarget } from "./targets/defragmentation.js";
import { fileReadersTarget } from "./targets/file-readers.js";
import { layersTarget } from "./targets/layers.js";
import { sequencesTarget } from "./targets/sequences.js";
import { streamsTarget } from "./targets/streams.js";

const TARGETS: readonly FuzzTarget[] = [
  fileReadersTarget,
  layersTarget,
  defragmentationTarget,
  streamsTarget,
  decodersTarget,
  conversationsTarget,
  sequencesTarget,
  codecsTarget,
];

const USAGE = `Usage: npm run fuzz -- [--runs N] [--seed N] [--target NAME] [DIR…]

Runs N inputs (10 million) against ${TARGETS.map(({ name }) => name).join(", ")}.
Inputs are changed frames, files and rows of the project's captures and of the capture files below each DIR.
An input that throws, takes a second of processor time, or lets the process grow beyond 1 GiB ends the run with what makes it again.`;

const CHUNK_RUNS = 20_000;
const MAX_INPUT_MS = 1000;
const MAX_RESIDENT_BYTES = 1024 ** 3;

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "10000000" },
    seed: { type: "string", default: "1" },
    target: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit();
}
const missing = folders.filter((folder) => !existsSync(folder));
const runs = Number(options.runs);
if (missing.length > 0 || !Number.isInteger(runs) || runs < 1) {
  console.error(
    `${missing.length > 0 ? `there is no folder ${missing[0]}` : `--runs ${options.runs} is not a number`}\n\n${USAGE}`,
  );
  process.exit(2);
}
const chosen = TARGETS.filter(({ name }) => options.target === undefined || name === options.target);
const root = fileURLToPath(new URL("../../", import.meta.url));
const corpus = await readCorpus([`${root}plugins`, `${root}runtime/packet`, ...folders]);
console.log(`${corpus.frames.length} frames of ${corpus.files.length} captures, seed ${options.seed}`);

const shares = chosen.reduce((sum, { share }) => sum + share, 0);
let most = 0;
for (const target of chosen) await fuzz(target, Math.ceil((runs * target.share) / shares));
console.log(`most resident memory ${Math.round(most / 1048576)} MiB`);

async function fuzz(target: FuzzTarget, targetRuns: number): Promise<void> {
  const property = target.prepare(corpus);
  const startedAt = performance.now();
  let longest = 0;
  let done = 0;
  for (let chunk = 0; done < targetRuns; chunk++) {
    const numRuns = Math.min(CHUNK_RUNS, targetRuns - done);
    const chunkStart = performance.now();
    const details = await check(property, numRuns, Number(options.seed) * 1_000_003 + chunk, (ms) => {
      longest = Math.max(longest, ms);
    });
    if (details !== undefined) fail(target, details);
    done += numRuns;
    const { rss } = process.memoryUsage();
    most = Math.max(most, rss);
    if (rss > MAX_RESIDENT_BYTES) fail(target, `${Math.round(rss / 1048576)} MiB resident after ${done} inputs`);
    if (process.stderr.isTTY) {
      const rate = Math.round(numRuns / ((performance.now() - chunkStart) / 1000));
      process.stderr.write(`${target.name}: ${done} of ${targetRuns}, ${rate} a second\r`);
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${target.name}: ${done} inputs in ${seconds.toFixed(0)} s, longest ${longest.toFixed(1)} ms, no failure`,
  );
}

/** Checks a property for some inputs; what fast-check reports about a failure, undefined if there is none. */
async function check(
  property: FuzzProperty,
  numRuns: number,
  seed: number,
  onRun: (milliseconds: number) => void,
): Promise<string | undefined> {
  const timed = timedProperty(property, onRun);
  const details = await fc.check(timed, { numRuns, seed, endOnFailure: false });
  if (!details.failed) return undefined;
  const { errorInstance } = details;
  return `${fc.defaultReportMessage(details)}\n${errorInstance instanceof Error ? errorInstance.stack : String(errorInstance)}`;
}

/** The property with each of its inputs timed; one that takes too long fails. */
function timedProperty(property: FuzzProperty, onRun: (milliseconds: number) => void): FuzzProperty {
  const judge = (startedAt: number) => {
    const milliseconds = processorMs() - startedAt;
    onRun(milliseconds);
    return milliseconds;
  };
  const tooLong = (milliseconds: number) => {
    const message = `the input took ${milliseconds.toFixed(0)} ms of processor time`;
    return { error: new Error(message), errorMessage: message };
  };
  const proxy = Object.create(property) as FuzzProperty;
  proxy.run = ((value: [unknown], ...rest: never[]) => {
    const startedAt = processorMs();
    const result = (property.run as (value: [unknown], ...rest: never[]) => unknown)(value, ...rest);
    if (result instanceof Promise) {
      return result.then((outcome) => {
        const milliseconds = judge(startedAt);
        return outcome ?? (milliseconds > MAX_INPUT_MS ? tooLong(milliseconds) : null);
      });
    }
    const milliseconds = judge(startedAt);
    return result ?? (milliseconds > MAX_INPUT_MS ? tooLong(milliseconds) : null);
  }) as FuzzProperty["run"];
  return proxy;
}

/** Processor time of the process, in milliseconds: on a busy machine the clock shows what others take. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function fail(target: FuzzTarget, what: string | undefined): never {
  console.error(`\n${target.name}: ${what}`);
  process.exit(1);
}
