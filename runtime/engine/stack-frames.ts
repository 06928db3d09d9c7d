/** A frame of a stack trace that is in a script. */
export interface StackFrame {
  /** URL or path of the script. */
  readonly script: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** The frames of an error's stack trace that are in scripts, the innermost first; none for a value without a stack trace. */
export function* stackFrames(error: unknown): Iterable<StackFrame> {
  if (!(error instanceof Error) || error.stack === undefined) return;
  const { stack, message } = error;
  // The message comes first; text from packets in it could look like a frame.
  const messageStart = stack.indexOf(message);
  const trace = messageStart < 0 ? stack : stack.slice(messageStart + message.length);
  for (const line of trace.split("\n")) {
    const frame = parseStackFrame(line);
    if (frame !== undefined) yield frame;
  }
}

/**
 * Parses a line of a stack trace as V8 writes it, `at name (script:line:column)` or `at script:line:column`. Returns undefined for a line
 * that is not a frame, and for a frame in a module of Node.js.
 */
function parseStackFrame(text: string): StackFrame | undefined {
  const match = /^\s*at (?:.*\()?(?:async )?(.+):(\d+):(\d+)\)?$/.exec(text);
  if (match === null || match[1]!.startsWith("node:")) return undefined;
  return { script: match[1]!, line: Number(match[2]), column: Number(match[3]) };
}
