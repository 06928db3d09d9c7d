import type { MemoryBudget } from "./memory-budget.js";

/** What an entry counts beyond its name and value (RFC 7541, section 4.1). */
export const ENTRY_OVERHEAD = 32;
/** Size of a table until the encoder says otherwise, in octets as section 4.1 counts them. */
export const DEFAULT_TABLE_SIZE = 4096;
/** No table keeps more, whatever its encoder says. */
export const MAX_TABLE_SIZE = 65536;

/** Marks an entry whose name is unknown. */
export const UNKNOWN_NAME = -1;

const FIRST_BYTES = 512;
const FIRST_ENTRIES = 16;
/** Bytes of memory for each place of an entry. */
const PLACE_BYTES = 12;

/**
 * The dynamic table of one direction (RFC 7541, section 2.3.2), in one array of bytes that grows with what is in it:
 *
 * ```
 * │ evicted │ name value │ name value │ … │ free │
 *           ▲ oldest                      ▲ #end
 * ```
 *
 * Entries inserted after a loss keep their indexes: indexes count from the newest entry, and only newer entries evict an entry.
 */
export class DynamicTable {
  /** There were entries that are not known; an index beyond the known ones may be one of theirs. */
  isPartial = false;
  readonly #budget: MemoryBudget;
  #maxSize = DEFAULT_TABLE_SIZE;
  #size = 0;
  #count = 0;
  /** Place of the oldest entry. */
  #oldest = 0;
  #bytes = new Uint8Array(0);
  #end = 0;
  /** By place: where an entry begins, where its name ends or {@link UNKNOWN_NAME}, and where its value ends. */
  #starts = new Int32Array(0);
  #nameEnds = new Int32Array(0);
  #ends = new Int32Array(0);

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** Entries that are known. */
  get count(): number {
    return this.#count;
  }

  /** Bytes that the entries are in. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the entry of `index`, from 1 for the newest up to {@link count}, begins in {@link bytes}. */
  startOf(index: number): number {
    return this.#starts[this.#place(index)]!;
  }

  /** Where its name ends and its value begins; {@link UNKNOWN_NAME} where the entry is its value alone. */
  nameEndOf(index: number): number {
    return this.#nameEnds[this.#place(index)]!;
  }

  /** Where its value ends. */
  endOf(index: number): number {
    return this.#ends[this.#place(index)]!;
  }

  /** The encoder changes the size (RFC 7541, section 4.3). */
  resize(size: number): void {
    if (size > MAX_TABLE_SIZE) this.isPartial = true;
    this.#maxSize = Math.min(size, MAX_TABLE_SIZE);
    this.#evict(0);
  }

  /**
   * Inserts an entry (RFC 7541, section 4.4) of the name `names[nameStart, nameEnd)`, which is not in this table, and a value. A `nameStart`
   * of {@link UNKNOWN_NAME} is that of a name that is not known.
   */
  insert(
    names: Uint8Array,
    nameStart: number,
    nameEnd: number,
    values: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    const isNamed = nameStart !== UNKNOWN_NAME;
    const nameBytes = isNamed ? nameEnd - nameStart : 0;
    const length = nameBytes + valueEnd - valueStart;
    this.#evict(length + ENTRY_OVERHEAD);
    if (length + ENTRY_OVERHEAD > this.#maxSize) return;
    if (!this.#makeRoom(length)) {
      this.forget();
      return;
    }
    const start = this.#end;
    if (isNamed) this.#bytes.set(names.subarray(nameStart, nameEnd), start);
    this.#bytes.set(values.subarray(valueStart, valueEnd), start + nameBytes);
    this.#end = start + length;
    const place = (this.#oldest + this.#count++) % this.#starts.length;
    this.#starts[place] = start;
    this.#nameEnds[place] = isNamed ? start + nameBytes : UNKNOWN_NAME;
    this.#ends[place] = this.#end;
    this.#size += length + ENTRY_OVERHEAD;
  }

  /** Entries may have been inserted or evicted that are not known. */
  forget(): void {
    this.isPartial = true;
    this.#count = 0;
    this.#size = 0;
    this.#end = 0;
  }

  /** Gives the memory back; the table is then empty. */
  release(): void {
    this.forget();
    this.#budget.giveBack(this.#bytes.length + this.#starts.length * PLACE_BYTES);
    this.#bytes = new Uint8Array(0);
    this.#starts = new Int32Array(0);
    this.#nameEnds = new Int32Array(0);
    this.#ends = new Int32Array(0);
  }

  #place(index: number): number {
    return (this.#oldest + this.#count - index) % this.#starts.length;
  }

  /** Evicts the oldest entries until `room` octets fit, or none is left. */
  #evict(room: number): void {
    while (this.#count > 0 && this.#size + room > this.#maxSize) {
      const place = this.#oldest;
      this.#size -= this.#ends[place]! - this.#starts[place]! + ENTRY_OVERHEAD;
      this.#oldest = (place + 1) % this.#starts.length;
      this.#count--;
    }
    if (this.#count === 0) this.#end = 0;
  }

  /** Makes room for an entry of `length` bytes; false if the memory for it cannot be had. */
  #makeRoom(length: number): boolean {
    if (this.#count === this.#starts.length && !this.#growPlaces()) return false;
    if (this.#end + length <= this.#bytes.length) return true;
    const first = this.#count === 0 ? this.#end : this.#starts[this.#oldest]!;
    const live = this.#end - first;
    // At most half of the bytes are moved, so that each is moved once on the average.
    const isMoved = (live + length) * 2 <= this.#bytes.length;
    const bytes = isMoved ? this.#bytes : this.#growBytes(Math.max(FIRST_BYTES, (live + length) * 2));
    if (bytes === undefined) return false;
    if (isMoved) bytes.copyWithin(0, first, this.#end);
    else bytes.set(this.#bytes.subarray(first, this.#end));
    this.#bytes = bytes;
    this.#end = live;
    for (let index = 1; index <= this.#count; index++) {
      const place = this.#place(index);
      this.#starts[place]! -= first;
      if (this.#nameEnds[place] !== UNKNOWN_NAME) this.#nameEnds[place]! -= first;
      this.#ends[place]! -= first;
    }
    return true;
  }

  #growBytes(least: number): Uint8Array<ArrayBuffer> | undefined {
    const capacity = 2 ** Math.ceil(Math.log2(least));
    if (!this.#budget.take(capacity - this.#bytes.length)) return undefined;
    return new Uint8Array(capacity);
  }

  #growPlaces(): boolean {
    const earlier = this.#starts.length;
    const places = Math.max(FIRST_ENTRIES, earlier * 2);
    if (!this.#budget.take((places - earlier) * PLACE_BYTES)) return false;
    this.#starts = this.#inOrder(this.#starts, places);
    this.#nameEnds = this.#inOrder(this.#nameEnds, places);
    this.#ends = this.#inOrder(this.#ends, places);
    this.#oldest = 0;
    return true;
  }

  #inOrder(from: Int32Array, places: number): Int32Array<ArrayBuffer> {
    const to = new Int32Array(places);
    for (let i = 0; i < this.#count; i++) to[i] = from[(this.#oldest + i) % from.length]!;
    return to;
  }
}
