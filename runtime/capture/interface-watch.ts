import { type InterfaceState, readInterfaceState } from "./list-interfaces.js";

const CHECK_INTERVAL_MS = 1000;

/** Watches interfaces by name, which may go down, be deleted and be created again with another index. */
export class InterfaceWatch {
  readonly #names: readonly string[];
  readonly #onState: (message: string) => void;
  readonly #states: InterfaceState[];
  #checkedAt = performance.now();
  /** Why the new indexes could not be followed; undefined if they were. */
  #problem: string | undefined;

  /** Reports through `onState` once when an interface goes down or is deleted, also if it is down at the start, and once when it is up again. */
  constructor(names: readonly string[], onState: (message: string) => void) {
    this.#names = names;
    this.#onState = onState;
    this.#states = names.map(readInterfaceState);
    for (const [i, name] of names.entries()) if (!this.#states[i]!.isUp) this.#report(name, this.#states[i]!);
  }

  /**
   * Checks the interfaces if a second has passed since the last check, or `isUrgent`; returns false if it did not check. If interfaces have
   * other
   * indexes than before, `follow` receives the indexes of the existing ones, in the order of the names. If it throws, which is reported once for
   * each reason, it is called again at every check, and no interface is reported as up until it succeeds.
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
