/** A resource that takes long to open, for a caller that polls it. The promise gets one continuation, however often it is polled. */
export class Opening<Resource> {
  /** Resolves when the resource is open or could not be opened. */
  readonly settled: Promise<void>;
  #outcome: { readonly resource: Resource } | { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(opening: Promise<Resource>) {
    const settle = (outcome: { readonly resource: Resource } | { readonly error: unknown }) => {
      this.#outcome = outcome;
      this.#wake();
    };
    this.settled = opening.then(
      (resource) => settle({ resource }),
      (error: unknown) => settle({ error }),
    );
  }

  /**
   * The resource, after waiting at most this long; undefined while it is not open. Rejects if it could not be opened. Only one call at a
   * time.
   */
  async within(milliseconds: number): Promise<Resource | undefined> {
    if (this.#outcome === undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    if (this.#outcome === undefined) return undefined;
    if ("error" in this.#outcome) throw this.#outcome.error;
    return this.#outcome.resource;
  }
}
