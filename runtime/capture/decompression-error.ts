/** Compressed input that ends early or is damaged; the bytes before it were read. */
export class DecompressionError extends Error {
  readonly isCut: boolean;
  override readonly name = "DecompressionError";

  /** `isCut`: the input ends early. The message describes the problem, such as `its gzip check sum is wrong`. */
  constructor(message: string, isCut: boolean, options?: { cause?: unknown }) {
    super(message, options);
    this.isCut = isCut;
  }
}
