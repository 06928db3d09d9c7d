const CHUNK_CHARACTERS = 65536;

/** Destination of the text of rows. */
export interface OutputTarget {
  /** True after the reader has closed. */
  readonly isClosed: boolean;
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** Text for an {@link OutputTarget}, collected into large chunks. */
export class RowOutput {
  #chunk = "";
  readonly #target: OutputTarget;

  constructor(target: OutputTarget) {
    this.#target = target;
  }

  /** True after the reader has closed. */
  get isClosed(): boolean {
    return this.#target.isClosed;
  }

  /** Whether enough is collected for {@link flush}. */
  get isFull(): boolean {
    return this.#chunk.length >= CHUNK_CHARACTERS;
  }

  /** Appends text. */
  write(text: string): void {
    this.#chunk += text;
  }

  /** Writes the collected text; resolves when there is room for more. */
  async flush(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = "";
    if (chunk !== "" && !this.isClosed) await this.#target.write(chunk);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#target.close();
  }
}
