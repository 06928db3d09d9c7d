/** Compressed input that ends early or is damaged; the bytes before it were read. */
export class DecompressionError extends Error {
  readonly isCut: boolean;
  override readonly name = "DecompressionError";

  /** `isCut` for input that ends early; the message says what is wrong, such as `its gzip check sum is wrong`. */
  constructor(message: string, isCut: boolean, options?: { cause?: unknown }) {
    super(message, options);
    this.isCut = isCut;
  }
}
