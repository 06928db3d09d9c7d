import { type InterfaceState, readInterfaceState } from "./list-interfaces.js";

const CHECK_INTERVAL_MS = 1000;

/** Watches interfaces by name, which may go down, be deleted and come back with another index. */
export class InterfaceWatch {
  readonly #names: readonly string[];
  readonly #onState: (message: string) => void;
  readonly #states: InterfaceState[];
  #checkedAt = performance.now();
  /** Why the new indexes could not be followed; undefined where they could. */
  #problem: string | undefined;

  /** Reports through `onState` once when an interface goes down or is deleted, also when it is down already, and once when it is back. */
  constructor(names: readonly string[], onState: (message: string) => void) {
    this.#names = names;
    this.#onState = onState;
    this.#states = names.map(readInterfaceState);
    for (const [i, name] of names.entries()) if (!this.#states[i]!.isUp) this.#report(name, this.#states[i]!);
  }

  /**
   * Looks again when a second has passed, or at once; false when it did not look. Where interfaces have other indexes than before, `follow` gets the
   * indexes of those that exist, in the order of the names. While it throws, which is reported once for each reason, it is called at every look, and
   * no interface is reported to be up.
   */
  check(follow: (indexes: readonly number[]) => void, isUrgent = false): boolean {
    const now = performance.now();
    if (!isUrgent && now - this.#checkedAt < CHECK_INTERVAL_MS) return false;
    this.#checkedAt = now;
    const states = this.#names.map(readInterfaceState);
    if (this.#problem !== undefined || states.some(({ index }, i) => index !== this.#states[i]!.index)) {
      this.#follow(
        follow,
        states.map(({ index }) => index).filter((index) => index !== 0),
      );
    }
    for (const [i, name] of this.#names.entries()) {
      const { isUp: wasUp } = this.#states[i]!;
      const { index, isUp } = states[i]!;
      const isCaptured = isUp && (wasUp || this.#problem === undefined);
      const state = { index, isUp: isCaptured };
      this.#states[i] = state;
      if (isCaptured !== wasUp) this.#report(name, state);
    }
    return true;
  }

  #follow(follow: (indexes: readonly number[]) => void, indexes: readonly number[]): void {
    const before = this.#problem;
    try {
      follow(indexes);
      this.#problem = undefined;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      if (this.#problem !== before) this.#onState(this.#problem);
    }
  }

  #report(name: string, { index, isUp }: InterfaceState): void {
    if (isUp) this.#onState(`interface ${name} is up, capturing on it`);
    else this.#onState(`interface ${name} ${index === 0 ? "does not exist" : "is down"}, waiting for it`);
  }
}
