/** One mistake of a plugin author, with the place to mend it. */
export interface Problem {
  /** Path from the project's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Collects mistakes, so that an author sees all of them at once. */
export class Diagnostics {
  readonly #problems: Problem[] = [];

  report(file: string, line: number, message: string): void {
    this.#problems.push({ file, line, message });
  }

  get hasProblems(): boolean {
    return this.#problems.length > 0;
  }

  /** One line a mistake: `plugins/dns/dns.proto:12: message`. */
  format(): string {
    return this.#problems
      .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
      .map(({ file, line, message }) => `${file}:${line}: ${message}`)
      .join("\n");
  }
}
