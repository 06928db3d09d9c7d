import { sourceStack } from "../node/source-maps.js";
import { WireloomError } from "../wireloom-error.js";

/** Logs the collector's own errors, and events for its operator as text: agents that connect and leave, a store that works again. */
export type CollectorLog = (errorOrEvent: unknown) => void;

/** Milliseconds in which an event or error of the same text is written once. */
const REPEAT_MS = 10_000;
/** Maximum of lines of each kind in that time, and so of remembered texts. */
const MAX_LINES = 100;

/**
 * A log with one line for an event or error. The same one is written once in ten seconds, then with the number of repetitions. An event is
 * written as its text, an error of a known kind as its message and that of its cause, a bug with its stack, the first time. Ten seconds have
 * at most {@link MAX_LINES} lines of each kind, so that events, which clients cause, leave room for errors.
 */
export function createCollectorLog(
  write: (line: string) => void,
  now: () => number = () => performance.now(),
): CollectorLog {
  const events = createLineLog("events", write, now);
  const errors = createLineLog("errors", write, now);
  return (entry) => (typeof entry === "string" ? events : errors)(entry);
}

function createLineLog(kind: string, write: (line: string) => void, now: () => number): CollectorLog {
  const seen = new Map<string, { writtenAt: number; count: number }>();
  let windowStart = Number.NEGATIVE_INFINITY;
  let windowLines = 0;
  let omitted = 0;
  return (entry) => {
    if (now() - windowStart >= REPEAT_MS) {
      if (omitted > 0) write(`${omitted} more ${kind} are not shown`);
      windowStart = now();
      windowLines = 0;
      omitted = 0;
    }
    const text = describe(entry);
    const known = seen.get(text);
    if (known !== undefined && now() - known.writtenAt < REPEAT_MS) {
      known.count++;
      return;
    }
    if (windowLines >= MAX_LINES) {
      omitted++;
      return;
    }
    windowLines++;
    const repeated =
      known !== undefined && known.count > 0
        ? ` (and ${known.count === 1 ? "once" : `${known.count} times`} more since)`
        : "";
    write(`${text}${repeated}`);
    if (known === undefined && isBug(entry)) write(sourceStack(String(entry.stack)));
    seen.delete(text);
    if (seen.size >= MAX_LINES) seen.delete(seen.keys().next().value!);
    seen.set(text, { writtenAt: now(), count: 0 });
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const cause =
    error.cause instanceof Error && !error.message.includes(firstLine(error.cause)) ? error.cause : undefined;
  const text = cause === undefined ? error.message : `${error.message} (${cause.message})`;
  return oneLine(isBug(error) ? `this is a bug, please report it: ${text}` : text);
}

function isBug(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof WireloomError);
}

function firstLine(error: Error): string {
  return error.message.split("\n", 1)[0]!;
}

/** Without line breaks and other control characters, which a client may have put there. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").slice(0, 1000);
}
