import { existsSync } from "node:fs";
import { registry } from "../../generated/registry.js";
import { checkFilter } from "../capture/check-filter.js";
import { FileOrder } from "../capture/file-order.js";
import { describeDecoderFault } from "../engine/decoder-fault.js";
import { Pipeline } from "../engine/pipeline.js";
import { nodeCryptography } from "../node/node-cryptography.js";
import { bundleSources } from "../node/source-maps.js";
import { WireloomError } from "../wireloom-error.js";
import { type DecodeRun, decodeFile } from "./decode-file.js";
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
import { say } from "./terminal-output.js";
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

/** Decodes capture files, one after the other, and prints their rows. Returns the exit code. */
export async function decodeFiles(
  files: readonly string[],
  options: DecodeOptions,
  signal: AbortSignal,
): Promise<number> {
  checkOptions(files, options);
  if (options.bpf !== undefined) checkFilter(options.bpf);
  const settings = await readEngineOptions(options);
  const plan = await planRows(registry, options);
  const resources = new Set(plan.tables.keys());
  const plugins = pluginsFor(registry.plugins, resources);
  const isOrdered = options.format !== "none" || plan.filter !== undefined || options.count !== undefined;
  const pipeline = new Pipeline(plugins, {
    cryptography: nodeCryptography,
    sourceOf: bundleSources,
    ...settings,
    layerPlugins: registry.plugins,
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
    writer: await createRowWriter(options.format, [...plan.tables.values()], output, {
      terminalWidth: options.wide ? undefined : terminalWidth(options.output === undefined),
      isCsvSafe: options.csvSafe === true,
    }),
    output,
  });
  const { bpf, follow } = options;
  const progress =
    options.quiet || !process.stderr.isTTY ? undefined : new (await import("cli-progress")).SingleBar(PROGRESS);
  const order = new FileOrder((line) => {
    progress?.stop();
    say(line);
  });
  const run: DecodeRun = { bpf, follow, pipeline, printer, progress, signal, order, dropped: 0, hasFailed: false };

  const startedAt = performance.now();
  try {
    for (const file of files) {
      if (signal.aborted || printer.isDone) break;
      await decodeFile(file, run);
    }
  } finally {
    progress?.stop();
  }
  order.finish();
  pipeline.finish();
  await printer.print();
  await printer.finish();
  await output.close();
  const { reason } = signal;
  if (reason instanceof Interruption) say(`stopped after ${count(pipeline.packets, "packet")}`);
  if (!options.quiet && !output.isClosed && (pipeline.packets > 0 || !run.hasFailed)) {
    const summary = { ...summaryOf(run), dropped: run.dropped };
    process.stderr.write(formatSummary(summary, resources, performance.now() - startedAt, printer.counts));
  }
  const code = reason instanceof Interruption ? reason.exitCode : run.hasFailed ? ExitCode.Runtime : ExitCode.Ok;
  // A reader that does not read must not delay the requested end.
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
    throw new WireloomError("usage", "--follow requires exactly one file, which is read until interrupted");
  if (options.csvSafe && options.format !== "csv") throw new WireloomError("usage", "--csv-safe requires --format csv");
  const protocols = new Set(registry.plugins.map(({ table }) => table.resource));
  const mistaken = files.find((file) => protocols.has(file.toLowerCase()));
  if (mistaken === undefined || (existsSync(mistaken) && options.protocol === undefined)) return;
  const names = [...(options.protocol ?? []), mistaken.toLowerCase()].join(",");
  throw new WireloomError(
    "usage",
    `${mistaken} is a protocol; name it with --protocol ${names}, or write ./${mistaken} for a file of that name`,
  );
}

function summaryOf({ pipeline }: DecodeRun) {
  return {
    packets: pipeline.packets,
    unknownLinkType: pipeline.unknownLinkType,
    counters: () => pipeline.counters(),
    engineCounters: () => pipeline.engineCounters(),
  };
}
