import type { ByteInput } from "./byte-input.js";

/** The bytes of an input whose owner closes it. */
export class BorrowedInput implements ByteInput {
  readonly #input: ByteInput;

  constructor(input: ByteInput) {
    this.#input = input;
  }

  get bytesRead(): number {
    return this.#input.bytesRead;
  }

  get bytesTotal(): number {
    return this.#input.bytesTotal;
  }

  read(target: Uint8Array, offset: number): Promise<number> {
    return this.#input.read(target, offset);
  }

  async close(): Promise<void> {}
}
