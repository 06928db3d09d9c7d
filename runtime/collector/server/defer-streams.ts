import type { NodeRequest, RequestHandler } from "./connect-adapter.js";

/** Milliseconds for which requests are started before what other connections sent is read. */
const SLICE_MS = 4;

/**
 * Hands a request of HTTP/2 on after what its connection has received was read: a stream that its client has reset by then costs nothing
 * further. A connection that opens and resets streams by the thousand (CVE-2023-44487) would have every one of them answered otherwise.
 *
 * A hundred streams that arrive at once are started one after the other, in turn with those of other connections, and with pauses in which
 * those are read: none of them waits for all of the hundred.
 */
export function deferStreams(handler: RequestHandler): RequestHandler {
  const starts = new Turns();
  return (request, response) => {
    if (!("stream" in request)) handler(request, response);
    else {
      starts.add(request.stream.session, () => {
        if (!isReset(request)) handler(request, response);
      });
    }
  };
}

function isReset(request: NodeRequest): boolean {
  return "stream" in request && (request.stream.aborted || request.stream.destroyed);
}

/** Work of several owners, one piece of each in turn, some milliseconds at a time. */
class Turns {
  readonly #queues = new Map<unknown, (() => void)[]>();
  #isScheduled = false;

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
      // What is left of it comes after the others'.
      this.#queues.delete(owner);
      const work = queue.shift()!;
      if (queue.length > 0) this.#queues.set(owner, queue);
      work();
    } while (performance.now() < end);
  }
}
