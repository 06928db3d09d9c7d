/** Holes of one direction that are followed; the oldest beyond these is forgotten, as if its bytes had been captured. */
const MAX_OF_DIRECTION = 64;
/** Holes of all directions that are followed; beyond these the direction that first had a hole is forgotten. */
const MAX_HOLES = 65536;

/** Ranges of sequence numbers `[start, end)` that were skipped and may still arrive, by a number for each direction of a TCP connection. */
export class Holes {
  readonly #directions = new Map<number, number[]>();
  #count = 0;

  /** Adds `[start, end)`, which is beyond all holes of the direction. */
  add(direction: number, start: number, end: number): void {
    const holes = this.#directions.get(direction);
    if (holes === undefined) this.#directions.set(direction, [start, end]);
    else holes.push(start, end);
    if (holes !== undefined && holes.length > MAX_OF_DIRECTION * 2) holes.splice(0, 2);
    else this.#count++;
    if (this.#count > MAX_HOLES) this.#forgetOldest();
  }

  /** False for a direction without holes. */
  has(direction: number): boolean {
    return this.#count > 0 && this.#directions.has(direction);
  }

  /** Removes `[start, end)` from the holes of a direction, and returns how many of its numbers were in holes. */
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

  #forgetOldest(): void {
    for (const oldest of this.#directions.keys()) {
      this.forget(oldest);
      return;
    }
  }

  #replace(direction: number, holes: readonly number[], left: number[]): void {
    if (left.length > MAX_OF_DIRECTION * 2) left.splice(0, 2);
    this.#count += (left.length - holes.length) / 2;
    if (left.length === 0) this.#directions.delete(direction);
    else this.#directions.set(direction, left);
  }
}
