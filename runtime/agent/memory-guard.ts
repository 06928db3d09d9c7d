import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MEBIBYTE = 1024 * 1024;
/** Part of the bound from which garbage is collected without waiting for V8 to find it worth its while. */
const FULL = 0.85;
/** Between two collections, which take some ten milliseconds each. */
const COLLECTION_INTERVAL_MS = 2000;

/**
 * Keeps the process below its bound of resident memory. The engine's limits bound the tables; memory that is given up is of buffers outside
 * V8's heap, which V8 leaves there until its own heap fills.
 */
export class MemoryGuard {
  /** Collections that were forced. */
  collections = 0;
  /** The most resident memory that was seen, in bytes. */
  mostBytes = 0;
  readonly #boundBytes: number;
  readonly #collect: () => void;
  #lastCollection = 0;

  constructor(boundMiB: number) {
    this.#boundBytes = boundMiB * MEBIBYTE;
    setFlagsFromString("--expose-gc");
    // The flag gives the function to contexts that are made after it was set.
    this.#collect = runInNewContext("gc") as () => void;
  }

  /** Looks at the memory, and collects garbage where it comes near the bound. */
  check(now = performance.now()): void {
    const bytes = process.memoryUsage.rss();
    this.mostBytes = Math.max(this.mostBytes, bytes);
    if (bytes < this.#boundBytes * FULL || now - this.#lastCollection < COLLECTION_INTERVAL_MS) return;
    this.#lastCollection = now;
    this.collections++;
    this.#collect();
  }
}
