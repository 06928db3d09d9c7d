/** Lets any number of waiters sleep until something has changed; each then looks for itself whether it was what it waits for. */
export class Wakeup {
  /** Resolves at the next {@link notify}. */
  promise: Promise<void>;
  #resolve: () => void = () => {};

  constructor() {
    this.promise = this.#renew();
  }

  /** Wakes everyone who waits. */
  notify(): void {
    const resolve = this.#resolve;
    this.promise = this.#renew();
    resolve();
  }

  #renew(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}
