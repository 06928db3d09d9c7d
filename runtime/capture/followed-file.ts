import { open } from "node:fs/promises";
import { type OpenedCapture, openCapture, openFailure } from "./capture-file.js";
import { GrowingInput } from "./growing-input.js";
import { Opening } from "./opening.js";
import { type CaptureInterface, PacketBatch, type PacketSource, type SourceProgress } from "./packet-source.js";

const IDLE_MS = 100;

/**
 * Opens a capture file that is being written, and reads it as it grows, until it is damaged or the reader's signal ends it. A file that is
 * emptied is read again from its start, one that is replaced is left for the new one; either is reported to `onState`. `read` returns
 * empty batches while nothing is appended. Rejects as {@link openCapture} does; a file without a header is waited for.
 */
export async function openFollowedFile(
  path: string,
  onState: (message: string) => void,
): Promise<PacketSource & SourceProgress> {
  return new FollowedFile(path, onState, await openGrowing(path));
}

async function openGrowing(path: string): Promise<GrowingInput> {
  try {
    return new GrowingInput(path, await open(path, "r"));
  } catch (error) {
    throw openFailure(path, error);
  }
}

class FollowedFile implements PacketSource, SourceProgress {
  readonly bytesTotal = 0;
  readonly interfaces: CaptureInterface[] = [];
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  problem: Error | undefined;
  private readonly idle = new PacketBatch();
  /** The file that is read, once it has a header. */
  private capture: OpenedCapture | undefined;
  private opening: Opening<OpenedCapture> | undefined;
  /** What the files before counted. */
  private before = { packets: 0, bytes: 0, dropped: 0 };
  /** Numbers in {@link interfaces} of the current file's interfaces. */
  private numbers: number[] = [];
  private readonly closing = new AbortController();
  private isOver = false;

  constructor(
    readonly name: string,
    private readonly onState: (message: string) => void,
    private input: GrowingInput,
  ) {}

  get bytesRead(): number {
    return this.input.bytesRead;
  }

  async read(signal: AbortSignal): Promise<PacketBatch | null> {
    while (!this.isOver && !signal.aborted) {
      try {
        const batch = await this.readOnce(signal);
        if (batch !== undefined) return batch;
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof Error)) throw error;
        // What took the place of the file may be empty, or not a capture.
        this.problem = error;
        this.isOver = true;
      }
    }
    return null;
  }

  async close(): Promise<void> {
    this.isOver = true;
    this.closing.abort();
    await this.opening?.settled;
    await (this.capture ?? this.input).close();
  }

  /** The next batch, empty where nothing came; undefined when the file ended. */
  private async readOnce(signal: AbortSignal): Promise<PacketBatch | undefined> {
    const capture = this.capture ?? (await this.openedCapture());
    if (capture === undefined) return this.idle;
    const batch = await capture.read(signal);
    if (batch !== null) {
      this.renumber(batch, capture);
      this.count(capture);
      return batch;
    }
    if (!signal.aborted) await this.next(capture);
    return undefined;
  }

  /** The current file once it has a header; undefined while it has none. */
  private async openedCapture(): Promise<OpenedCapture | undefined> {
    this.opening ??= new Opening(openCapture(this.name, this.input, this.closing.signal));
    const opened = await this.opening.within(IDLE_MS);
    if (opened === undefined) return undefined;
    this.capture = opened;
    this.opening = undefined;
    this.numbers = [];
    return opened;
  }

  /** Turns to the start of the file, or to the one in its place; ends where the file itself did. */
  private async next(capture: OpenedCapture): Promise<void> {
    const { end } = this.input;
    if (end === undefined || (capture.problem !== undefined && capture.problem.code !== "truncated_capture")) {
      this.problem = capture.problem;
      this.isOver = true;
      return;
    }
    if (capture.problem !== undefined) this.onState(capture.problem.message);
    this.onState(
      end === "emptied"
        ? `${this.name} was emptied, reading it from its start`
        : `${this.name} was replaced, reading the new file`,
    );
    await capture.close();
    this.capture = undefined;
    this.before = { ...this.counters };
    this.input = await openGrowing(this.name);
  }

  private renumber(batch: PacketBatch, { interfaces }: OpenedCapture): void {
    for (let i = this.numbers.length; i < interfaces.length; i++) this.numbers.push(this.numberOf(interfaces[i]!));
    for (let i = 0; i < batch.count; i++) batch.interfaceIndexes[i] = this.numbers[batch.interfaceIndexes[i]!]!;
  }

  /** Interfaces of one name and link type are one, in whatever file. */
  private numberOf({ name, linkType }: CaptureInterface): number {
    const known = this.interfaces.findIndex((one) => one.name === name && one.linkType === linkType);
    return known === -1 ? this.interfaces.push({ name, linkType }) - 1 : known;
  }

  private count({ counters }: OpenedCapture): void {
    this.counters.packets = this.before.packets + counters.packets;
    this.counters.bytes = this.before.bytes + counters.bytes;
    this.counters.dropped = this.before.dropped + counters.dropped;
  }
}
