import type { FirstFragment } from "./first-fragment.js";

/** Memory of a fragment beyond its bytes, so that the number of small ones is limited too. */
const PART_COST_BYTES = 128;
/** Memory of a datagram without its fragments. */
const DATAGRAM_COST_BYTES = 1024;

/** Result of adding a fragment. */
export const Placement = { Kept: 0, Duplicate: 1, Overlap: 2, Inconsistent: 3 } as const;

interface Part {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** An IP datagram of which some fragments have arrived. Positions are bytes of the fragmented payload. */
export class FragmentedDatagram {
  /** When the first fragment seen arrived, in nanoseconds by the capture's clock. */
  since: number;
  /** Words of its key, and their hash. */
  readonly key: Int32Array;
  readonly hash: number;
  /** Memory of its fragments and of the first fragment's header. */
  costBytes = DATAGRAM_COST_BYTES;
  /** Later fragments are dropped too (RFC 5722). */
  isAbandoned = false;
  /** The first fragment, once it has arrived. */
  first: FirstFragment | undefined;
  /** The next datagram of the same hash. */
  next: FragmentedDatagram | undefined;
  readonly #parts: Part[] = [];
  /** Length of the whole payload, known when the last fragment has arrived. */
  #lengthBytes = -1;
  #received = 0;

  constructor(since: number, key: Int32Array, hash: number) {
    this.since = since;
    this.key = key;
    this.hash = hash;
  }

  /** Every byte has arrived. */
  get isComplete(): boolean {
    return this.#received === this.#lengthBytes;
  }

  get lengthBytes(): number {
    return this.#lengthBytes;
  }

  /** Keeps a copy of `source[from, from + end - start)` as the bytes `[start, end)`, unless it returns another value than `Kept`. */
  add(start: number, end: number, isLast: boolean, source: Uint8Array, from: number): number {
    const parts = this.#parts;
    let index = parts.length;
    while (index > 0 && parts[index - 1]!.start > start) index--;
    const before = parts[index - 1];
    const after = parts[index];
    if (before?.start === start && before.end === end) return Placement.Duplicate;
    if ((before !== undefined && before.end > start) || (after !== undefined && after.start < end)) {
      return Placement.Overlap;
    }
    const known = this.#lengthBytes;
    const furthest = parts.at(-1)?.end ?? 0;
    if (known !== -1 && (end > known || (isLast && end !== known))) return Placement.Inconsistent;
    if (isLast && furthest > end) return Placement.Inconsistent;
    if (isLast) this.#lengthBytes = end;
    parts.splice(index, 0, { start, end, bytes: source.slice(from, from + end - start) });
    this.#received += end - start;
    this.costBytes += end - start + PART_COST_BYTES;
    return Placement.Kept;
  }

  /** Whether contiguous bytes cover `[start, end)` already. */
  covers(start: number, end: number): boolean {
    let at = start;
    for (const part of this.#parts) {
      if (part.start > at) return false;
      if (part.end > at) at = part.end;
      if (at >= end) return true;
    }
    return false;
  }

  /** Number of contiguous bytes from the first one on. */
  get contiguousBytes(): number {
    let end = 0;
    for (const part of this.#parts) if (part.start === end) end = part.end;
    return end;
  }

  /** Writes the first `lengthBytes` of the payload to `target` from `at` on. */
  write(target: Uint8Array, at: number, lengthBytes: number): void {
    for (const { start, bytes } of this.#parts) if (start < lengthBytes) target.set(bytes, at + start);
  }

  /** Drops the fragments, and every later one. */
  abandon(): void {
    this.#parts.length = 0;
    this.#lengthBytes = -1;
    this.#received = 0;
    this.costBytes = DATAGRAM_COST_BYTES;
    this.isAbandoned = true;
  }
}
