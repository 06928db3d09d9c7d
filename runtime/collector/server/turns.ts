/** Milliseconds for which work is done before the event loop reads from connections again. */
const SLICE_MS = 4;

/** Work of several owners: one piece of each in turn, in slices of {@link SLICE_MS}. */
export class Turns {
  readonly #queues = new Map<unknown, (() => void)[]>();
  #isScheduled = false;

  /** Queues a piece of an owner's work; it starts in a later turn of the event loop. */
  add(owner: unknown, work: () => void): void {
    const queue = this.#queues.get(owner);
    if (queue === undefined) this.#queues.set(owner, [work]);
    else queue.push(work);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      try {
        this.#run();
      } finally {
        if (this.#queues.size > 0) this.#schedule();
      }
    });
  }

  #run(): void {
    const end = performance.now() + SLICE_MS;
    do {
      const next = this.#queues.entries().next();
      if (next.done === true) return;
      const [owner, queue] = next.value;
      // The owner's remaining work queues after that of the others.
      this.#queues.delete(owner);
      const work = queue.shift()!;
      if (queue.length > 0) this.#queues.set(owner, queue);
      work();
    } while (performance.now() < end);
  }
}
