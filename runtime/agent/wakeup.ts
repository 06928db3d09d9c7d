/** Lets any number of waiters sleep until something has changed; each then checks its own condition. */
export class Wakeup {
  /** Resolves at the next {@link notify}. */
  promise: Promise<void>;
  #resolve: () => void = () => {};

  constructor() {
    this.promise = this.#renew();
  }

  /** Wakes all waiters. */
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
