import { setImmediate, setTimeout } from "node:timers/promises";

/**
 * Turns for short pieces of background work, one after the other, with the event loop's other work between them: commits, queries and
 * health. A turn is followed by a rest of `restRatio` times its length.
 */
export class Pacer {
  readonly #restRatio: number;
  #waiting: (() => void)[] = [];
  #isRunning = false;

  constructor(restRatio: number) {
    this.#restRatio = restRatio;
  }

  /** Resolves when the caller may do a piece of work, which has to be over before it waits for anything else. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const start = performance.now();
      next();
      await setImmediate();
      const rest = (performance.now() - start) * this.#restRatio;
      // Timers are not shorter than that.
      if (rest >= 1) await setTimeout(rest, undefined, { ref: false });
    }
    this.#isRunning = false;
  }
}
