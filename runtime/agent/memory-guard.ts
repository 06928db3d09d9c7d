import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MEBIBYTE = 1024 * 1024;
/** Fraction of the bound above which garbage is collected at once, earlier than V8 would. */
const FULL = 0.85;
/** Milliseconds between two collections, which take about ten milliseconds each. */
const COLLECTION_INTERVAL_MS = 2000;

/**
 * Keeps the process below its bound of resident memory. The engine's limits bound the tables; released buffers are outside
 * V8's heap, and V8 frees them only when its own heap fills.
 */
export class MemoryGuard {
  /** Collections that were forced. */
  collections = 0;
  /** Highest resident memory that was measured, in bytes. */
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

  /** Measures the memory, and collects garbage where it is near the bound. */
  check(now = performance.now()): void {
    const bytes = process.memoryUsage.rss();
    this.mostBytes = Math.max(this.mostBytes, bytes);
    if (bytes < this.#boundBytes * FULL || now - this.#lastCollection < COLLECTION_INTERVAL_MS) return;
    this.#lastCollection = now;
    this.collections++;
    this.#collect();
  }
}
