import type { IngestBatch, IngestSession } from "../../store/store.js";

/**
 * Feeds a session with batches and yields the highest committed sequence each time it grows. Reading goes on while
 * earlier batches wait for their commit, and pauses while the store is full. When a batch fails, or the input does,
 * what came before is still committed and acknowledged; then the failure is thrown.
 */
export async function* takeBatches(
  session: IngestSession,
  batches: AsyncIterable<IngestBatch>,
  signal: AbortSignal,
): AsyncIterable<bigint> {
  let acknowledged = session.committedSequence;
  let committed = acknowledged;
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  const notify = (): void => wake?.();
  const fail = (error: unknown): void => {
    failure ??= { error };
    notify();
  };
  const pending = new Set<Promise<void>>();

  async function read(): Promise<void> {
    for await (const batch of batches) {
      const appended = session.append(batch).then(
        () => {
          if (batch.sequence > committed) committed = batch.sequence;
          notify();
        },
        (error: unknown) => fail(error),
      );
      pending.add(appended);
      void appended.then(() => {
        pending.delete(appended);
        notify();
      });
      await session.ready();
      if (failure !== undefined || signal.aborted) return;
    }
  }

  signal.addEventListener("abort", notify);
  void read()
    .catch(fail)
    .then(() => Promise.all(pending))
    .then(() => {
      isOver = true;
      notify();
    });
  try {
    while (true) {
      if (committed > acknowledged) {
        acknowledged = committed;
        yield acknowledged;
      } else if (failure !== undefined && pending.size === 0) {
        throw failure.error;
      } else if (isOver || (signal.aborted && pending.size === 0)) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener("abort", notify);
  }
}
