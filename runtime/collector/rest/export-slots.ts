import { WireloomError } from "../../wireloom-error.js";

/** Maximum of simultaneous exports. */
const MAX_EXPORTS = 32;

/** Counts the exports that are open at once. */
export class ExportSlots {
  #open = 0;

  /** Takes a slot, which the returned function releases. Throws `overloaded` where none is free. */
  take(): () => void {
    if (this.#open >= MAX_EXPORTS) {
      throw new WireloomError("overloaded", `${MAX_EXPORTS} exports are open, the maximum; try again later`);
    }
    this.#open++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#open--;
      isTaken = false;
    };
  }
}
