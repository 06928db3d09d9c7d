/** Bytes of the front, and as many of the end, by which a longer content is known. */
const PART_BYTES = 256;
/** Contents up to this length have memory of their own: few are longer. */
const SMALL_BYTES = 64;
const LARGE_BYTES = 2 * PART_BYTES;

/**
 * Contents of packets, by place, that are compared with others after the buffers they were captured in are gone. Of a content of more than 512
 * bytes, the 256 at its front and at its end are.
 */
export class PacketContents {
  readonly #places: number;
  #small: DataView | undefined;
  #large: DataView | undefined;

  /** For as many contents as `places`. */
  constructor(places: number) {
    this.#places = places;
  }

  /** Keeps the content `view[start, start + length)`. */
  keep(place: number, view: DataView, start: number, length: number): void {
    const kept = this.#viewFor(length);
    const at = offsetOf(place, length);
    if (length <= LARGE_BYTES) {
      copy(view, start, kept, at, length);
      return;
    }
    copy(view, start, kept, at, PART_BYTES);
    copy(view, start + length - PART_BYTES, kept, at + PART_BYTES, PART_BYTES);
  }

  /** True where `view[start, start + length)` is the content that is kept, of the same length, at `place`. */
  isKept(place: number, view: DataView, start: number, length: number): boolean {
    const kept = this.#viewFor(length);
    const at = offsetOf(place, length);
    if (length <= LARGE_BYTES) return areEqual(view, start, kept, at, length);
    return (
      areEqual(view, start, kept, at, PART_BYTES) &&
      areEqual(view, start + length - PART_BYTES, kept, at + PART_BYTES, PART_BYTES)
    );
  }

  #viewFor(length: number): DataView {
    if (length <= SMALL_BYTES) return (this.#small ??= new DataView(new ArrayBuffer(this.#places * SMALL_BYTES)));
    return (this.#large ??= new DataView(new ArrayBuffer(this.#places * LARGE_BYTES)));
  }
}

/** True where two contents in one buffer, of one length, are the same by what {@link PacketContents} keeps. */
export function areEqualContents(view: DataView, start: number, other: number, length: number): boolean {
  if (length <= LARGE_BYTES) return areEqual(view, start, view, other, length);
  const end = length - PART_BYTES;
  return areEqual(view, start, view, other, PART_BYTES) && areEqual(view, start + end, view, other + end, PART_BYTES);
}

function offsetOf(place: number, length: number): number {
  return place * (length <= SMALL_BYTES ? SMALL_BYTES : LARGE_BYTES);
}

function areEqual(view: DataView, start: number, other: DataView, at: number, length: number): boolean {
  let i = 0;
  for (; i <= length - 4; i += 4) if (view.getInt32(start + i) !== other.getInt32(at + i)) return false;
  for (; i < length; i++) if (view.getUint8(start + i) !== other.getUint8(at + i)) return false;
  return true;
}

function copy(view: DataView, start: number, to: DataView, at: number, length: number): void {
  let i = 0;
  for (; i <= length - 4; i += 4) to.setInt32(at + i, view.getInt32(start + i));
  for (; i < length; i++) to.setUint8(at + i, view.getUint8(start + i));
}
