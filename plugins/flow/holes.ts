/** Holes of one direction, and of all, that are followed; of more the oldest are forgotten, as if they had been captured. */
const MAX_HOLES = 64;
const MAX_ALL_HOLES = 65536;

/**
 * Sequence numbers that were passed over in directions of TCP connections, and that may come later: ranges of numbers, each from its first one
 * to the one after its last. A direction has a number that its owner chooses.
 */
export class Holes {
  readonly #directions = new Map<number, number[]>();
  #count = 0;

  /** Adds `[start, end)`, which is beyond all holes of the direction. */
  add(direction: number, start: number, end: number): void {
    const holes = this.#directions.get(direction);
    if (holes === undefined) this.#directions.set(direction, [start, end]);
    else {
      holes.push(start, end);
      if (holes.length > MAX_HOLES * 2) holes.splice(0, 2);
      else this.#count++;
      return;
    }
    if (++this.#count <= MAX_ALL_HOLES) return;
    for (const oldest of this.#directions.keys()) {
      this.forget(oldest);
      return;
    }
  }

  /** False for a direction without holes. */
  has(direction: number): boolean {
    return this.#count > 0 && this.#directions.has(direction);
  }

  /** Takes `[start, end)`, which has come or will not, out of the holes of a direction. Returns how many of its numbers were in some. */
  take(direction: number, start: number, end: number): number {
    const holes = this.#directions.get(direction);
    if (holes === undefined) return 0;
    const left: number[] = [];
    let taken = 0;
    for (let i = 0; i < holes.length; i += 2) {
      const first = holes[i]!;
      const after = holes[i + 1]!;
      const from = ((start - first) | 0) > 0 ? start : first;
      const to = ((after - end) | 0) > 0 ? end : after;
      const size = (to - from) | 0;
      if (size <= 0) {
        left.push(first, after);
        continue;
      }
      taken += size;
      if (first !== from) left.push(first, from);
      if (to !== after) left.push(to, after);
    }
    if (taken > 0) this.#replace(direction, holes, left);
    return taken;
  }

  /** Forgets the holes of a direction. */
  forget(direction: number): void {
    if (this.#count === 0) return;
    const holes = this.#directions.get(direction);
    if (holes === undefined) return;
    this.#count -= holes.length / 2;
    this.#directions.delete(direction);
  }

  #replace(direction: number, holes: readonly number[], left: number[]): void {
    if (left.length > MAX_HOLES * 2) left.splice(0, 2);
    this.#count += (left.length - holes.length) / 2;
    if (left.length === 0) this.#directions.delete(direction);
    else this.#directions.set(direction, left);
  }
}
