const PAD = 0;
const END = 255;
/** Longest value of one instance. */
const MAX_INSTANCE_BYTES = 255;
/** More than a packet of 1500 bytes holds in options of real use. */
const MAX_INSTANCES = 512;
const MAX_VALUE_BYTES = 4096;

/**
 * Codes of lists and of options with options inside: several instances are parts of one value, however long they are. Of other
 * codes they are where the first one has no room for more (RFC 3396); else servers that send a name twice mean the first one.
 */
const LISTS = new Set([3, 6, 42, 43, 55, 77, 82, 93, 119, 121, 124, 249]);

/**
 * The options of a DHCP message by their place (RFC 2132, section 2): code, length, value; pads anywhere, an end. Reused for each
 * message.
 */
export class OptionIndex {
  /** Different codes, in the order of their first instances: `codes[0, count)`. */
  readonly codes = new Uint8Array(256);
  count = 0;
  /** Where {@link find} found a value: `valueBytes[valueStart, valueEnd)`. */
  valueBytes: Uint8Array;
  valueStart = 0;
  valueEnd = 0;
  readonly #joined = new Uint8Array(MAX_VALUE_BYTES);
  readonly #instanceCodes = new Uint8Array(MAX_INSTANCES);
  readonly #instanceStarts = new Uint32Array(MAX_INSTANCES);
  readonly #instanceEnds = new Uint32Array(MAX_INSTANCES);
  /** How many instances a code has. */
  readonly #instances = new Uint16Array(256);
  #instanceCount = 0;

  constructor() {
    this.valueBytes = this.#joined;
  }

  /** Forgets all options. */
  reset(): void {
    this.count = 0;
    this.#instanceCount = 0;
    this.#instances.fill(0);
  }

  /** Adds the options in `bytes[at, end)`; false where one is not whole, or there are too many: those before it are added. */
  add(bytes: Uint8Array, at: number, end: number): boolean {
    while (at < end) {
      const code = bytes[at]!;
      if (code === END) return true;
      if (code === PAD) {
        at++;
        continue;
      }
      if (end - at < 2) return false;
      const value = at + 2;
      const next = value + bytes[at + 1]!;
      if (next > end || this.#instanceCount === MAX_INSTANCES) return false;
      const instance = this.#instanceCount++;
      this.#instanceCodes[instance] = code;
      this.#instanceStarts[instance] = value;
      this.#instanceEnds[instance] = next;
      if (this.#instances[code]!++ === 0) this.codes[this.count++] = code;
      at = next;
    }
    return true;
  }

  /** Finds an option's value, which `bytes` has or which is joined elsewhere until the next call; false where there is none. */
  find(bytes: Uint8Array, code: number): boolean {
    const instances = this.#instances[code]!;
    if (instances === 0) return false;
    let left = instances;
    let length = 0;
    for (let i = 0; left > 0; i++) {
      if (this.#instanceCodes[i] !== code) continue;
      left--;
      const start = this.#instanceStarts[i]!;
      const end = this.#instanceEnds[i]!;
      if (instances === 1 || (length === 0 && end - start < MAX_INSTANCE_BYTES && !LISTS.has(code))) {
        this.valueBytes = bytes;
        this.valueStart = start;
        this.valueEnd = end;
        return true;
      }
      for (let at = start; at < end && length < MAX_VALUE_BYTES; at++) this.#joined[length++] = bytes[at]!;
    }
    this.valueBytes = this.#joined;
    this.valueStart = 0;
    this.valueEnd = length;
    return true;
  }
}
