import { setTimeout } from "node:timers/promises";
import { type CaptureInterface, PacketBlock } from "../packet/packet-block.js";
import { WireloomError } from "../wireloom-error.js";
import { BorrowedInput } from "./borrowed-input.js";
import { type OpenedCapture, openCapture } from "./capture-file.js";
import { GrowingInput } from "./growing-input.js";
import { Opening } from "./opening.js";
import type { PacketSource, SourceProgress } from "./packet-source.js";

const IDLE_MS = 100;

/**
 * Opens a capture file that is being written, and reads it as it grows, until the reader's signal ends it. A file that is emptied is read again
 * from its start, and a file that is replaced is closed in favor of the new one; both are reported to `onState`. So is a file that is damaged,
 * or that replaces another one and is not a capture: the source then waits for the next file of the name. `read` returns empty blocks while it
 * waits. Rejects as {@link openCapture} does; a file without a header is awaited. If the first file is not a capture, the source ends with a
 * problem.
 */
export async function openFollowedFile(
  path: string,
  onState: (message: string) => void,
): Promise<PacketSource & SourceProgress> {
  return new FollowedFile(path, onState, await GrowingInput.open(path));
}

class FollowedFile implements PacketSource, SourceProgress {
  readonly name: string;
  readonly #onState: (message: string) => void;
  #input: GrowingInput;
  readonly bytesTotal = 0;
  readonly interfaces: CaptureInterface[] = [];
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  problem: Error | undefined;
  readonly #idle = new PacketBlock();
  /** The current file, after its header was read. */
  #capture: OpenedCapture | undefined;
  #opening: Opening<OpenedCapture> | undefined;
  /** Counters of the earlier files. */
  #before = { packets: 0, bytes: 0, dropped: 0 };
  /** Numbers in {@link interfaces} of the current file's interfaces. */
  #numbers: number[] = [];
  readonly #closing = new AbortController();
  #isOver = false;
  /** A file of the name was a capture. */
  #wasCapture = false;
  /** The current file is not read any further; the source waits for the next one of the name. */
  #isGivenUp = false;
  /** Why the next file could not be opened at the last attempt. */
  #refusal: string | undefined;

  constructor(name: string, onState: (message: string) => void, input: GrowingInput) {
    this.name = name;
    this.#onState = onState;
    this.#input = input;
  }

  get bytesRead(): number {
    return this.#input.bytesRead;
  }

  async read(signal: AbortSignal): Promise<PacketBlock | null> {
    while (!this.#isOver && !signal.aborted) {
      try {
        const block = await this.#readOnce(signal);
        if (block !== undefined) return block;
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof Error)) throw error;
        this.problem = error;
        this.#isOver = true;
      }
    }
    return null;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#closing.abort();
    await this.#opening?.settled;
    await this.#capture?.close();
    await this.#input.close();
  }

  /** The next block, empty if no packets arrived; undefined if there is another file to read. */
  async #readOnce(signal: AbortSignal): Promise<PacketBlock | undefined> {
    if (this.#isGivenUp) {
      await this.#input.discard();
      if (this.#input.end === undefined) return this.#idle;
      return this.#takeNext();
    }
    let problem: WireloomError | undefined;
    try {
      const capture = this.#capture ?? (await this.#openedCapture());
      if (capture === undefined) return this.#idle;
      const block = await capture.read(signal);
      if (block !== null) {
        this.#renumber(block, capture);
        this.#count(capture);
        return block;
      }
      if (signal.aborted) return undefined;
      ({ problem } = capture);
      if (problem === undefined && this.#input.end === undefined) {
        this.#isOver = true;
        return undefined;
      }
    } catch (error) {
      // The first file with content is not a capture, or cannot be read.
      if (!(error instanceof WireloomError) || (this.#input.end === undefined && !this.#wasCapture)) throw error;
      problem = error;
    }
    return this.#leave(problem);
  }

  /** The current file when its header was read; undefined before. */
  async #openedCapture(): Promise<OpenedCapture | undefined> {
    this.#opening ??= new Opening(openCapture(this.name, new BorrowedInput(this.#input), this.#closing.signal));
    let opened: OpenedCapture | undefined;
    try {
      opened = await this.#opening.within(IDLE_MS);
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    if (opened === undefined) return undefined;
    this.#capture = opened;
    this.#wasCapture = true;
    this.#opening = undefined;
    this.#numbers = [];
    return opened;
  }

  /** Closes the file that was read to its end, or that cannot be read any further. */
  async #leave(problem: WireloomError | undefined): Promise<PacketBlock | undefined> {
    const input = this.#input;
    if (problem !== undefined && input.bytesRead > 0) {
      const { message } = problem;
      this.#onState(input.end === undefined ? `${message}; waiting for another file of this name` : message);
    }
    await this.#capture?.close();
    this.#capture = undefined;
    this.#before = { ...this.counters };
    this.#isGivenUp = true;
    return input.end === undefined ? this.#idle : this.#takeNext();
  }

  /** Continues at the start of the file, or with its replacement; if that cannot be opened, waits for the next one. */
  async #takeNext(): Promise<PacketBlock | undefined> {
    let next: GrowingInput;
    try {
      next = await GrowingInput.open(this.name);
    } catch (error) {
      if (!(error instanceof WireloomError)) throw error;
      if (error.code !== "not_found" && error.message !== this.#refusal) this.#onState(error.message);
      this.#refusal = error.message;
      await setTimeout(IDLE_MS);
      return this.#idle;
    }
    this.#onState(
      this.#input.end === "emptied"
        ? `${this.name} was emptied, reading it from its start`
        : `${this.name} was replaced, reading the new file`,
    );
    await this.#input.close();
    this.#input = next;
    this.#isGivenUp = false;
    this.#refusal = undefined;
    return undefined;
  }

  #renumber(block: PacketBlock, { interfaces }: OpenedCapture): void {
    for (let i = this.#numbers.length; i < interfaces.length; i++) this.#numbers.push(this.#numberOf(interfaces[i]!));
    for (let i = 0; i < block.count; i++) block.interfaceIndexes[i] = this.#numbers[block.interfaceIndexes[i]!]!;
  }

  /** Interfaces of the same name and link type are one interface in all files. */
  #numberOf({ name, linkType }: CaptureInterface): number {
    const known = this.interfaces.findIndex((one) => one.name === name && one.linkType === linkType);
    return known === -1 ? this.interfaces.push({ name, linkType }) - 1 : known;
  }

  #count({ counters }: OpenedCapture): void {
    this.counters.packets = this.#before.packets + counters.packets;
    this.counters.bytes = this.#before.bytes + counters.bytes;
    this.counters.dropped = this.#before.dropped + counters.dropped;
  }
}
