import { existsSync } from "node:fs";
import type { SingleBar } from "cli-progress";
import { registry } from "../../generated/registry.js";
import { Pipeline } from "../agent/pipeline.js";
import { openCaptureFile } from "../capture/capture-file.js";
import { filteredSource } from "../capture/filtered-source.js";
import { describeDecoderFault } from "../plugin/decoder-fault.js";
import { WireloomError } from "../wireloom-error.js";
import { type EngineOptions, readEngineOptions } from "./engine-options.js";
import { ExitCode } from "./exit-codes.js";
import { count, formatSummary } from "./format-summary.js";
import { Interruption } from "./interruption.js";
import { openOutputFile } from "./output-file.js";
import { RowOutput } from "./row-output.js";
import { planRows, type RowPlanOptions } from "./row-plan.js";
import { RowPrinter } from "./row-printer.js";
import { RowSorter } from "./row-sorter.js";
import { createRowWriter } from "./row-writer.js";
import { pluginsFor } from "./select-plugins.js";
import { StandardOutput } from "./standard-output.js";
import { describeError, say } from "./terminal-output.js";
import { terminalWidth } from "./terminal-width.js";

/** The options of `wireloom decode`. */
export interface DecodeOptions extends EngineOptions, RowPlanOptions {
  readonly bpf?: string;
  readonly follow?: true;
  readonly count?: number;
  readonly output?: string;
  readonly wide?: true;
  readonly csvSafe?: true;
  readonly quiet?: true;
}

/** What decoding needs, file after file. */
interface Run {
  readonly options: DecodeOptions;
  readonly pipeline: Pipeline;
  readonly printer: RowPrinter;
  readonly progress: SingleBar | undefined;
  readonly signal: AbortSignal;
  dropped: number;
  hasFailed: boolean;
}

/** Decodes capture files, one after the other, and prints their rows. Returns the exit code. */
export async function decodeFiles(
  files: readonly string[],
  options: DecodeOptions,
  signal: AbortSignal,
): Promise<number> {
  checkOptions(files, options);
  const plan = await planRows(registry, options);
  const resources = new Set(plan.tables.keys());
  const plugins = pluginsFor(registry.plugins, resources);
  const isOrdered = options.format !== "none" || plan.filter !== undefined || options.count !== undefined;
  const pipeline = new Pipeline(plugins, {
    ...readEngineOptions(options),
    session: 0,
    isOrdered,
    onDecoderFault: (fault) => say(describeDecoderFault(fault)),
  });
  const standardOutput = options.output === undefined ? new StandardOutput(signal) : undefined;
  const output = new RowOutput(standardOutput ?? (await openOutputFile(options.output!, files)));
  const printer = new RowPrinter({
    plugins,
    pipeline,
    ...plan,
    sorter: options.format === "none" ? undefined : plan.sort && new RowSorter(plan.sort, options.count),
    count: options.count ?? Number.POSITIVE_INFINITY,
    writer: await createRowWriter(options.format, output, {
      terminalWidth: options.wide ? undefined : terminalWidth(options.output === undefined),
      isCsvSafe: options.csvSafe === true,
    }),
    output,
  });
  const progress =
    options.quiet || !process.stderr.isTTY ? undefined : new (await import("cli-progress")).SingleBar(PROGRESS);
  const run: Run = { options, pipeline, printer, progress, signal, dropped: 0, hasFailed: false };

  const startedAt = performance.now();
  for (const file of files) {
    if (signal.aborted || printer.isDone) break;
    try {
      await decodeFile(file, run);
    } catch (error) {
      if (!signal.aborted) fail(run, error);
    }
  }
  progress?.stop();
  pipeline.finish();
  await printer.print();
  await printer.finish();
  await output.close();
  const { reason } = signal;
  if (reason instanceof Interruption) say(`stopped after ${count(pipeline.packets, "packet")}`);
  if (!options.quiet && !output.isClosed && pipeline.packets > 0) {
    const summary = { ...summaryOf(run), dropped: run.dropped };
    process.stderr.write(formatSummary(summary, resources, performance.now() - startedAt, printer.counts));
  }
  const code = reason instanceof Interruption ? reason.exitCode : run.hasFailed ? ExitCode.Runtime : ExitCode.Ok;
  // A reader that does not read must not hold up the end that was asked for.
  if (signal.aborted && standardOutput?.isStuck) process.exit(code);
  return code;
}

const PROGRESS = {
  stream: process.stderr,
  format: "{bar} {percentage}% {file}",
  hideCursor: true,
  clearOnComplete: true,
};

/** Checks what can be checked before anything is opened. Throws `usage`. */
function checkOptions(files: readonly string[], options: DecodeOptions): void {
  if (options.follow && files.length > 1)
    throw new WireloomError("usage", "--follow goes with one file, which it never leaves");
  if (options.csvSafe && options.format !== "csv")
    throw new WireloomError("usage", "--csv-safe goes with --format csv");
  const protocols = new Set(registry.plugins.map(({ table }) => table.resource));
  const mistaken = files.find((file) => protocols.has(file.toLowerCase()));
  if (mistaken === undefined || (existsSync(mistaken) && options.protocol === undefined)) return;
  const names = [...(options.protocol ?? []), mistaken.toLowerCase()].join(",");
  throw new WireloomError(
    "usage",
    `${mistaken} is a protocol; name it with --protocol ${names}, or write ./${mistaken} for a file of that name`,
  );
}

/** Standard input is waited for as it is. */
async function openFile(file: string, follow: true | undefined, signal: AbortSignal) {
  if (follow === undefined || file === "-") return openCaptureFile(file, signal);
  return (await import("../capture/followed-file.js")).openFollowedFile(file, say);
}

async function decodeFile(file: string, run: Run): Promise<void> {
  const { options, pipeline, printer, progress, signal } = run;
  const opened = await openFile(file, options.follow, signal);
  try {
    const source = options.bpf === undefined ? opened : filteredSource(opened, options.bpf);
    pipeline.startSource();
    if (source.bytesTotal > 0) progress?.start(source.bytesTotal, 0, { file });
    while (!printer.isDone) {
      const batch = await source.read(signal);
      if (batch === null) break;
      pipeline.process(batch, source.interfaces);
      progress?.update(source.bytesRead);
      await printer.print();
      // An empty batch says that the input pauses: what waits is shown.
      if (batch.count === 0) await printer.pause();
    }
    progress?.stop();
    for (const { name, linkType } of pipeline.unknownInterfaces(source.interfaces)) {
      say(`${name} has link type ${linkType}, which is not known; its packets were counted and left out`);
    }
    run.dropped += source.counters.dropped;
    if (source.problem !== undefined) fail(run, source.problem);
  } finally {
    await opened.close();
  }
}

/** Reports what is wrong with a file; the next one is still read. What is wrong with the run itself ends it. */
function fail(run: Run, error: unknown): void {
  if (!(error instanceof WireloomError) || RUN_ERRORS.has(error.code)) throw error;
  run.hasFailed = true;
  run.progress?.stop();
  say(describeError(error));
}

const RUN_ERRORS: ReadonlySet<string> = new Set(["missing_library", "resource_exhausted"]);

function summaryOf({ pipeline }: Run) {
  return {
    packets: pipeline.packets,
    unknownLinkType: pipeline.unknownLinkType,
    counters: () => pipeline.counters(),
    engineCounters: () => pipeline.engineCounters(),
  };
}
