import { WireloomError } from "../../wireloom-error.js";

/** Milliseconds between interrupts: one that comes while a statement waits to be run has no effect on it. */
const INTERRUPT_INTERVAL_MS = 20;

/** When the statements of a piece of work are to end early. */
export interface Interruption {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the work may take. */
  readonly deadlineMs?: number | undefined;
}

/** A connection whose running statement can be stopped. */
export interface InterruptibleConnection {
  interrupt(): void;
}

/**
 * Runs statements on a connection and interrupts them when the signal aborts or the deadline passes. Throws `canceled` or
 * `deadline_exceeded`.
 */
export async function interruptible<Result>(
  connection: InterruptibleConnection,
  { signal, deadlineMs }: Interruption,
  work: () => Promise<Result>,
): Promise<Result> {
  let interrupting: NodeJS.Timeout | undefined;
  let isLate = false;
  const interrupt = (): void => {
    connection.interrupt();
    interrupting ??= setInterval(() => connection.interrupt(), INTERRUPT_INTERVAL_MS);
  };
  const timer =
    deadlineMs === undefined
      ? undefined
      : setTimeout(() => {
          isLate = true;
          interrupt();
        }, deadlineMs);
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted) interrupt();
  try {
    return await work();
  } catch (error) {
    throwIfCanceled(signal);
    if (isLate) throw deadlineError(deadlineMs!, error);
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(interrupting);
    signal?.removeEventListener("abort", interrupt);
  }
}

/** Throws `canceled` when the signal has aborted. */
export function throwIfCanceled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WireloomError("canceled", "the query was canceled", { cause: signal.reason });
}

function deadlineError(deadlineMs: number, cause: unknown): WireloomError {
  return new WireloomError(
    "deadline_exceeded",
    `the query was stopped after ${deadlineMs / 1000} s; narrow it, for example with time_gte`,
    { cause },
  );
}
