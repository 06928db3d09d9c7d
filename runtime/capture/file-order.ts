import type { PacketBlock } from "../packet/packet-block.js";
import { Timestamp } from "../record/timestamp.js";
import { formatTimestamp } from "../schema/timestamp-text.js";
import type { PacketSource } from "./packet-source.js";

/**
 * Reports the first file that begins before an earlier one ended, and the number of others: files are read one after the other, not merged by
 * time.
 */
export class FileOrder {
  readonly #say: (line: string) => void;
  #name = "";
  #hasBegun = false;
  readonly #begin = new Timestamp();
  /** Latest last time of a block in all files so far, and the file that has it. */
  readonly #end = new Timestamp();
  #lastFile: string | undefined;
  #overlaps = 0;

  /** `say` is called with one line for the first such file, and one for the others. */
  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Begins the file `name`. */
  startFile(name: string): void {
    this.#name = name;
    this.#hasBegun = false;
  }

  /** Reports how many more files overlap. Call it after the last file. */
  finish(): void {
    const others = this.#overlaps - 1;
    if (others === 1) this.#say("1 more file begins before an earlier one ended");
    if (others > 1) this.#say(`${others} more files begin before an earlier one ended`);
  }

  /** Compares the first and the last packet of a block of the file. */
  observe({ count, timesHigh, timesLow }: PacketBlock): void {
    if (count === 0) return;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#begin.high = timesHigh[0]!;
      this.#begin.low = timesLow[0]!;
      const isOverlapping = this.#lastFile !== undefined && this.#begin.nanosecondsSince(this.#end) < 0;
      if (isOverlapping && ++this.#overlaps === 1) {
        this.#say(
          `${this.#name} begins at ${text(this.#begin)}, before ${this.#lastFile} ended (${text(this.#end)}), and is read after it; merge overlapping files with mergecap first`,
        );
      }
    }
    const high = timesHigh[count - 1]!;
    const low = timesLow[count - 1]!;
    const isLater = high > this.#end.high || (high === this.#end.high && low > this.#end.low);
    if (this.#lastFile === undefined || isLater) {
      this.#lastFile = this.#name;
      this.#end.high = high;
      this.#end.low = low;
    }
  }
}

/** The packets of `source`; `order` receives each block. */
export function observeOrder(source: PacketSource, order: FileOrder): PacketSource {
  order.startFile(source.name);
  return {
    name: source.name,
    get counters() {
      return source.counters;
    },
    get interfaces() {
      return source.interfaces;
    },
    get problem() {
      return source.problem;
    },
    async read(signal) {
      const block = await source.read(signal);
      if (block !== null) order.observe(block);
      return block;
    },
    updateCounters: () => source.updateCounters?.(),
    close: () => source.close(),
  };
}

function text(time: Timestamp): string {
  return formatTimestamp(time.toBigInt());
}
