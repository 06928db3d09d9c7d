/** One mistake of a plugin author, with the place to correct. */
export interface Problem {
  /** Path from the project's root. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** Mistakes of plugin authors, one in each line; these are not bugs of the generator. */
export class PluginMistakes extends Error {}

/** Collects mistakes, so that an author sees all of them at once. */
export class Diagnostics {
  readonly #problems: Problem[] = [];
  readonly #reported = new Set<string>();
  readonly #doubtful: Problem[] = [];

  /** Reports a problem, once if several messages of a file lead to it. */
  report(file: string, line: number, message: string): void {
    const text = `${file}:${line}: ${message}`;
    if (this.#reported.has(text)) return;
    this.#reported.add(text);
    this.#problems.push({ file, line, message });
  }

  /** Reports a problem only if the file has no other one, because it may be a consequence. */
  reportDoubtful(file: string, line: number, message: string): void {
    this.#doubtful.push({ file, line, message });
  }

  /** Throws {@link PluginMistakes} if there are any, with one in each line: `plugins/dns/dns.proto:12: message`. */
  throwMistakes(): void {
    if (this.#problems.length + this.#doubtful.length > 0) throw new PluginMistakes(this.#format());
  }

  #format(): string {
    const files = new Set(this.#problems.map(({ file }) => file));
    return [...this.#problems, ...this.#doubtful.filter(({ file }) => !files.has(file))]
      .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
      .map(({ file, line, message }) => `${file}:${line}: ${message}`)
      .join("\n");
  }
}
