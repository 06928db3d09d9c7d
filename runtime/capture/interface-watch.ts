import { type InterfaceState, readInterfaceState } from "./list-interfaces.js";

const CHECK_INTERVAL_MS = 1000;

/** Looks after interfaces by name, which may go down, be deleted and come back with another index. */
export class InterfaceWatch {
  readonly #names: readonly string[];
  readonly #onState: (message: string) => void;
  readonly #states: InterfaceState[];
  #checkedAt = performance.now();

  /** Reports through `onState` once when an interface goes down, also when it is down already, and once when it is back. */
  constructor(names: readonly string[], onState: (message: string) => void) {
    this.#names = names;
    this.#onState = onState;
    this.#states = names.map(readInterfaceState);
    for (const [i, name] of names.entries()) if (!this.#states[i]!.isUp) this.#report(name, false);
  }

  /** Indexes of the interfaces that there are, in the order of the names. */
  get indexes(): number[] {
    return this.#states.map(({ index }) => index).filter((index) => index !== 0);
  }

  /** Looks again when a second has passed, or at once: whether the indexes have changed; undefined when it did not look. */
  check(isUrgent = false): boolean | undefined {
    const now = performance.now();
    if (!isUrgent && now - this.#checkedAt < CHECK_INTERVAL_MS) return undefined;
    this.#checkedAt = now;
    let hasChanged = false;
    for (const [i, name] of this.#names.entries()) {
      const before = this.#states[i]!;
      const state = readInterfaceState(name);
      this.#states[i] = state;
      hasChanged ||= state.index !== before.index;
      if (state.isUp !== before.isUp) this.#report(name, state.isUp);
    }
    return hasChanged;
  }

  #report(name: string, isUp: boolean): void {
    this.#onState(isUp ? `interface ${name} is up, capturing on it` : `interface ${name} is down, waiting for it`);
  }
}
