/** A line of a source file. */
export interface SourcePlace {
  /** Path relative to the folder that contains the runtime, such as `plugins/dns/decoder.ts`. */
  readonly file: string;
  /** Number of the line, from 1. */
  readonly line: number;
}

/**
 * Finds the source of a place in a bundled script, which is given as a stack trace names it: URL, and line and column from 1. Returns
 * undefined for other scripts, and for a script whose source is not known. The host provides it, because it reads files; see
 * `runtime/node/source-maps.ts`.
 */
export type SourceLookup = (script: string, line: number, column: number) => SourcePlace | undefined;
