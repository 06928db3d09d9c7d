import { SingleBar } from "cli-progress";
import { Command, Option } from "commander";
import { registry } from "../../generated/registry.js";
import { Pipeline } from "../agent/pipeline.js";
import { openCaptureFile } from "../capture/capture-file.js";
import { filteredSource } from "../capture/filtered-source.js";
import { describeDecoderFault } from "../plugin/decoder-fault.js";
import type { EventRecord } from "../plugin/event-record.js";
import type { EventCodec, Plugin } from "../plugin/plugin.js";
import { rowFromColumns } from "../schema/row-from-columns.js";
import type { Row } from "../schema/value.js";
import { WireloomError } from "../wireloom-error.js";
import { addEngineOptions, type EngineOptions, readEngineOptions } from "./engine-options.js";
import { ExitCode } from "./exit-codes.js";
import { formatSummary } from "./format-summary.js";
import { parseRowFilter, type RowFilter } from "./row-filter.js";
import { createRowWriter, ROW_FORMATS, type RowFormat } from "./row-writer.js";
import { pluginsFor, selectResources } from "./select-plugins.js";
import { describeError, RowOutput, say } from "./terminal-output.js";

interface DecodeOptions extends EngineOptions {
  readonly protocol?: string[];
  readonly format: RowFormat;
  readonly filter: string[];
  readonly bpf?: string;
  readonly quiet?: true;
}

/** `wireloom decode`: rows of capture files on standard output. */
export function decodeCommand(signal: AbortSignal): Command {
  const collect = (value: string, values: string[] | undefined) => [...(values ?? []), value];
  return addEngineOptions(new Command("decode"))
    .description("Decode capture files to rows on standard output")
    .argument("<file...>", "pcap or pcapng files, gzip too; - for standard input")
    .option("-p, --protocol <names>", "protocols to print, separated by commas (default: all)", collect)
    .addOption(new Option("-f, --format <format>", "form of the rows").choices(ROW_FORMATS).default("ndjson"))
    .addOption(
      new Option(
        "-F, --filter <name=value>",
        "rows to print, as in the REST API, such as query_name_eq=example.com; may be given again",
      )
        .argParser(collect)
        .default([], "every row"),
    )
    .option("--bpf <expression>", "packets to decode, as a pcap-filter expression")
    .option("-q, --quiet", "no progress and no summary")
    .addHelpText("after", DECODE_EXAMPLES)
    .action(async (files: string[], options: DecodeOptions) => {
      process.exitCode = await decode(files, options, signal);
    });
}

const DECODE_EXAMPLES = `
Examples:
  wireloom decode capture.pcap --protocol dns --format table
  wireloom decode capture.pcapng.gz --filter dst_port_eq=53 > rows.ndjson
  tcpdump -w - | wireloom decode - --protocol flow`;

async function decode(files: readonly string[], options: DecodeOptions, signal: AbortSignal): Promise<number> {
  let resources = selectResources(registry.plugins, options.protocol);
  let filter: RowFilter | undefined;
  if (options.filter.length > 0) {
    filter = await parseRowFilter(options.filter, resources, options.protocol !== undefined);
    resources = filter.resources;
  }
  if (options.format === "csv" && resources.size > 1) {
    throw new WireloomError(
      "usage",
      `csv is one table, and ${[...resources].join(", ")} would be several; choose one with --protocol`,
    );
  }
  const plugins = pluginsFor(registry.plugins, resources);
  const pipeline = new Pipeline(plugins, {
    ...readEngineOptions(options),
    session: 0,
    isOrdered: options.format !== "none",
    onDecoderFault: (fault) => say(describeDecoderFault(fault)),
  });
  const output = new RowOutput();
  const printer =
    options.format === "none"
      ? undefined
      : new RowPrinter(plugins, pipeline, resources, filter, options.format, output);
  const progress = options.quiet || !process.stderr.isTTY ? undefined : new SingleBar(PROGRESS);
  const drain = async () => {
    if (printer !== undefined) await printer.print();
    else for (const index of plugins.keys()) pipeline.drop(index);
  };

  let hasFailed = false;
  const fail = (error: unknown) => {
    if (!(error instanceof WireloomError)) throw error;
    hasFailed = true;
    progress?.stop();
    say(describeError(error));
  };
  const startedAt = performance.now();
  for (const file of files) {
    if (signal.aborted || output.isClosed) break;
    try {
      await decodeFile(file, options.bpf, pipeline, drain, () => output.isClosed, signal, fail, progress);
    } catch (error) {
      fail(error);
    }
  }
  pipeline.finish();
  await drain();
  await printer?.finish();
  if (!options.quiet) process.stderr.write(formatSummary(pipeline, resources, performance.now() - startedAt));
  return hasFailed ? ExitCode.Runtime : ExitCode.Ok;
}

const PROGRESS = {
  stream: process.stderr,
  format: "{bar} {percentage}% {file}",
  hideCursor: true,
  clearOnComplete: true,
};

async function decodeFile(
  file: string,
  bpf: string | undefined,
  pipeline: Pipeline,
  drain: () => Promise<void>,
  isDone: () => boolean,
  signal: AbortSignal,
  fail: (error: unknown) => void,
  progress: SingleBar | undefined,
): Promise<void> {
  const opened = await openCaptureFile(file, signal);
  try {
    const source = bpf === undefined ? opened : filteredSource(opened, bpf);
    pipeline.startSource();
    if (source.bytesTotal > 0) progress?.start(source.bytesTotal, 0, { file });
    for (;;) {
      const batch = await source.read(signal);
      if (batch === null || isDone()) break;
      pipeline.process(batch, source.interfaces);
      progress?.update(source.bytesRead);
      await drain();
    }
    progress?.stop();
    for (const { name, linkType } of pipeline.unknownInterfaces(source.interfaces)) {
      say(`${name} has link type ${linkType}, which is not known; its packets were counted and left out`);
    }
    if (source.problem !== undefined) fail(source.problem);
  } finally {
    await opened.close();
  }
}

/** Prints the rows of all plugins in the order they were made. */
class RowPrinter {
  readonly #readers: readonly RowReader[];
  readonly #pipeline: Pipeline;
  readonly #writer;
  readonly #plugins: readonly Plugin[];
  readonly #isPrinted: readonly boolean[];
  readonly #filter: RowFilter | undefined;

  constructor(
    plugins: readonly Plugin[],
    pipeline: Pipeline,
    resources: ReadonlySet<string>,
    filter: RowFilter | undefined,
    format: Exclude<RowFormat, "none">,
    output: RowOutput,
  ) {
    this.#plugins = plugins;
    this.#pipeline = pipeline;
    this.#filter = filter;
    this.#isPrinted = plugins.map(({ table }) => resources.has(table.resource));
    this.#readers = plugins.map((plugin) => new RowReader(plugin));
    this.#writer = createRowWriter(format, output);
  }

  async print(): Promise<void> {
    const order = this.#pipeline.order ?? [];
    for (const [index, reader] of this.#readers.entries()) reader.open(this.#pipeline.outputs[index]!.writer);
    for (const index of order) {
      if (!this.#isPrinted[index]) continue;
      const row = this.#readers[index]!.next();
      const { table } = this.#plugins[index]!;
      if (this.#filter === undefined || this.#filter.matches(table.resource, row)) await this.#writer.write(table, row);
    }
    order.length = 0;
    for (const index of this.#plugins.keys()) this.#pipeline.drop(index);
  }

  finish(): Promise<void> {
    return this.#writer.finish();
  }
}

/** The rows of one plugin, one after the other, through the same columns that a store is filled from. */
class RowReader {
  readonly #plugin: Plugin;
  readonly #columns: ReturnType<EventCodec<EventRecord>["createColumns"]>;
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;
  #end = 0;
  #row = 0;

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
    this.#columns = plugin.codec.createColumns();
  }

  open({ bytes, position }: { bytes: Uint8Array; position: number }): void {
    this.#bytes = bytes;
    this.#position = 0;
    this.#end = position;
    this.#columns.rowCount = 0;
    this.#row = 0;
  }

  next(): Row {
    if (this.#row === this.#columns.rowCount) {
      this.#position = this.#plugin.codec.read(this.#bytes, this.#position, this.#end, this.#columns);
      this.#row = 0;
    }
    return rowFromColumns(this.#plugin.table, this.#columns, this.#row++);
  }
}
