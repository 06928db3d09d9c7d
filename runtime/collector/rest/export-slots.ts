import { WireloomError } from "../../wireloom-error.js";

/** Exports at once; one more is refused. */
const MAX_EXPORTS = 32;

/** Counts the exports that are open at once. */
export class ExportSlots {
  #open = 0;

  /** Takes a slot, which the returned function gives back. Throws `overloaded` where none is free. */
  take(): () => void {
    if (this.#open >= MAX_EXPORTS) {
      throw new WireloomError("overloaded", `${MAX_EXPORTS} exports are open, which is all at once; try again later`);
    }
    this.#open++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#open--;
      isTaken = false;
    };
  }
}
