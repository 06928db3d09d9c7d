/** The folder with `runtime/` and `generated/`, as it appears in stack traces. */
const ROOT = withoutScheme(new URL("../../", import.meta.url).href);
const OWN_FOLDERS = [`${ROOT}runtime/`, `${ROOT}generated/`];

/**
 * File and line of the first stack frame of an error that is in neither the runtime nor generated code, such as
 * `plugins/dns/decoder.ts:120`: relative to the folder that contains the runtime, or absolute for a plugin elsewhere. Without such a frame,
 * the first frame with a file; without a stack, undefined.
 */
export function faultPlace(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  if (stack === undefined) return undefined;
  const frames = stack.split("\n").flatMap(frameOf);
  const frame = frames.find(({ file }) => OWN_FOLDERS.every((folder) => !file.startsWith(folder))) ?? frames[0];
  if (frame === undefined) return undefined;
  const { file, line } = frame;
  return `${file.startsWith(ROOT) ? file.slice(ROOT.length) : file}:${line}`;
}

/** File and line of a line of a stack trace as V8 writes it: `at name (file:line:column)` or `at file:line:column`. */
function frameOf(text: string): { file: string; line: string }[] {
  const match = /^\s*at (?:.*\()?(.+):(\d+):\d+\)?$/.exec(text);
  if (match === null) return [];
  const file = withoutScheme(match[1]!);
  return file.startsWith("node:") ? [] : [{ file, line: match[2]! }];
}

function withoutScheme(file: string): string {
  return file.replace(/^(async )?file:\/\//, "");
}
