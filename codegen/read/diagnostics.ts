/** One mistake of a plugin author, with the place to correct. */
export interface Problem {
  /** Path from the project's root. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** Collects mistakes, so that an author sees all of them at once. */
export class Diagnostics {
  readonly #problems: Problem[] = [];
  readonly #doubtful: Problem[] = [];

  report(file: string, line: number, message: string): void {
    this.#problems.push({ file, line, message });
  }

  /** Reports a problem only if the file has no other one, because it may be a consequence. */
  reportDoubtful(file: string, line: number, message: string): void {
    this.#doubtful.push({ file, line, message });
  }

  get hasProblems(): boolean {
    return this.#problems.length + this.#doubtful.length > 0;
  }

  /** One mistake in each line: `plugins/dns/dns.proto:12: message`. */
  format(): string {
    const files = new Set(this.#problems.map(({ file }) => file));
    return [...this.#problems, ...this.#doubtful.filter(({ file }) => !files.has(file))]
      .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
      .map(({ file, line, message }) => `${file}:${line}: ${message}`)
      .join("\n");
  }
}
