import type { SourceLookup, SourcePlace } from "./source-lookup.js";
import { type StackFrame, stackFrames } from "./stack-frames.js";

/** The folder with `runtime/` and `generated/`, as it appears in stack traces; undefined in a bundle, whose scripts have code of both. */
const ROOT = /^(.*\/)runtime\/engine\/fault-place\.[jt]s$/.exec(withoutScheme(import.meta.url))?.[1];
const OWN_FILE = /^(?:runtime|generated)\//;

/**
 * File and line of the first stack frame of an error that is in neither the runtime nor generated code, such as
 * `plugins/dns/decoder.ts:120`: relative to the folder that contains the runtime, or absolute for a plugin elsewhere and for a bundled
 * script whose source is not known. Without such a frame, the first frame with a file; without a stack, undefined.
 */
export function faultPlace(error: unknown, sourceOf: SourceLookup = () => undefined): string | undefined {
  let first: string | undefined;
  for (const frame of stackFrames(error)) {
    const { file, line } = sourceOf(frame.script, frame.line, frame.column) ?? placeOf(frame);
    const place = `${file}:${line}`;
    if (!OWN_FILE.test(file)) return place;
    first ??= place;
  }
  return first;
}

function placeOf({ script, line }: StackFrame): SourcePlace {
  const file = withoutScheme(script);
  return { file: ROOT !== undefined && file.startsWith(ROOT) ? file.slice(ROOT.length) : file, line };
}

function withoutScheme(file: string): string {
  return file.replace(/^file:\/\//, "");
}
