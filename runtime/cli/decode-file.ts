import type { SingleBar } from "cli-progress";
import { openCaptureFile } from "../capture/capture-file.js";
import type { FileOrder } from "../capture/file-order.js";
import { filteredSource } from "../capture/filtered-source.js";
import { openFollowedFile } from "../capture/followed-file.js";
import type { PacketSource, SourceProgress } from "../capture/packet-source.js";
import type { Pipeline } from "../engine/pipeline.js";
import { WireloomError } from "../wireloom-error.js";
import type { RowPrinter } from "./row-printer.js";
import { describeError, say } from "./terminal-output.js";

/** State of decoding, kept from file to file. */
export interface DecodeRun {
  readonly bpf: string | undefined;
  readonly follow: true | undefined;
  readonly pipeline: Pipeline;
  readonly printer: RowPrinter;
  readonly progress: SingleBar | undefined;
  readonly signal: AbortSignal;
  readonly order: FileOrder;
  /** Number of packets that the captures report as dropped. */
  dropped: number;
  /** True if a file could not be read completely. */
  hasFailed: boolean;
}

/**
 * Decodes a capture file and prints its rows. Problems of the file are reported, and the run continues; problems of the run, such as an
 * output that cannot be written, are thrown.
 */
export async function decodeFile(file: string, run: DecodeRun): Promise<void> {
  const { pipeline, printer, progress, signal } = run;
  const source = await ofFile(run, () => openSource(file, run));
  if (source === undefined) return;
  try {
    pipeline.startSource();
    run.order.startFile(file);
    if (source.bytesTotal > 0) progress?.start(source.bytesTotal, 0, { file });
    while (!printer.isDone) {
      const batch = await ofFile(run, () => source.read(signal));
      if (batch === null || batch === undefined) break;
      run.order.observe(batch);
      pipeline.process(batch, source.interfaces);
      progress?.update(source.bytesRead);
      await printer.print();
      // An empty batch shows that the input pauses: pending rows are printed.
      if (batch.count === 0) await printer.pause();
    }
    progress?.stop();
    for (const { name, linkType } of pipeline.unknownInterfaces(source.interfaces)) {
      say(`${name} has link type ${linkType}, which is not known; its packets were counted and left out`);
    }
    run.dropped += source.counters.dropped;
    if (source.problem !== undefined) fail(run, source.problem);
  } finally {
    await source.close();
  }
}

async function openSource(file: string, { bpf, follow, signal }: DecodeRun): Promise<PacketSource & SourceProgress> {
  // A pause of standard input is not reported.
  const opened = await (follow && file !== "-" ? openFollowedFile(file, say) : openCaptureFile(file, signal));
  if (bpf === undefined) return opened;
  try {
    return filteredSource(opened, bpf);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The result of `read`; undefined if the file has a problem, which is reported, or if the run was interrupted. */
async function ofFile<Result>(run: DecodeRun, read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!run.signal.aborted) fail(run, error);
    return undefined;
  }
}

/** Reports a problem of a file. Throws if it would affect other files too. */
function fail(run: DecodeRun, error: unknown): void {
  if (!(error instanceof WireloomError) || RUN_ERRORS.has(error.code)) throw error;
  run.hasFailed = true;
  run.progress?.stop();
  say(describeError(error));
}

const RUN_ERRORS: ReadonlySet<string> = new Set(["missing_library", "resource_exhausted"]);
