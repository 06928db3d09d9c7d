/** A packet for a capture that a test builds. */
export interface BuiltPacket {
  readonly bytes: Uint8Array;
  readonly seconds?: number;
  /** Microseconds or nanoseconds, in the file's resolution. */
  readonly fraction?: number;
  readonly originalLength?: number;
}

/** Options of a pcap file. */
export interface BuiltPcapOptions {
  readonly bigEndian?: boolean;
  readonly magic?: number;
  readonly linkType?: number;
}

/** A pcap file, for tests. */
export function buildPcap(packets: readonly BuiltPacket[], options: BuiltPcapOptions = {}): Buffer {
  const { bigEndian = false, magic = 0xa1b2c3d4, linkType = 1 } = options;
  // Magic, version 2.4, time zone, accuracy, snap length, link type.
  const parts = [words(bigEndian, magic), halves(bigEndian, 2, 4), words(bigEndian, 0, 0, 262144, linkType)];
  for (const { bytes, seconds = 0, fraction = 0, originalLength = bytes.length } of packets) {
    parts.push(words(bigEndian, seconds, fraction, bytes.length, originalLength), Buffer.from(bytes));
  }
  return Buffer.concat(parts);
}

/** Options of a pcapng block, by code. */
export type BuiltOptions = readonly (readonly [code: number, value: Uint8Array])[];

/** Writes the blocks of one byte order of a pcapng file, for tests. */
export class PcapngBuilder {
  readonly #bigEndian: boolean;
  readonly #parts: Buffer[] = [];

  constructor(bigEndian = false) {
    this.#bigEndian = bigEndian;
  }

  /** A block of any type; the body is padded to 32 bits. */
  block(type: number, ...body: Uint8Array[]): this {
    const content = padded(Buffer.concat(body));
    const length = words(this.#bigEndian, content.length + 12);
    this.#parts.push(Buffer.concat([words(this.#bigEndian, type), length, content, length]));
    return this;
  }

  /** Section header: byte-order magic, version 1.0, unknown length. */
  section(): this {
    return this.block(
      0x0a0d0d0a,
      this.words(0x1a2b3c4d),
      halves(this.#bigEndian, 1, 0),
      this.words(0xffffffff, 0xffffffff),
    );
  }

  interface(linkType: number, options: BuiltOptions = [], snapLength = 0): this {
    return this.block(1, halves(this.#bigEndian, linkType, 0), this.words(snapLength), this.options(options));
  }

  enhancedPacket(
    interfaceId: number,
    high: number,
    low: number,
    bytes: Uint8Array,
    originalLength = bytes.length,
  ): this {
    return this.block(6, this.words(interfaceId, high, low, bytes.length, originalLength), bytes);
  }

  words(...values: number[]): Buffer {
    return words(this.#bigEndian, ...values);
  }

  options(options: BuiltOptions): Buffer {
    const parts = options.map(([code, value]) =>
      Buffer.concat([halves(this.#bigEndian, code, value.length), padded(Buffer.from(value))]),
    );
    return options.length === 0 ? Buffer.alloc(0) : Buffer.concat([...parts, Buffer.alloc(4)]);
  }

  build(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function words(bigEndian: boolean, ...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) {
    if (bigEndian) buffer.writeUInt32BE(value, i * 4);
    else buffer.writeUInt32LE(value, i * 4);
  }
  return buffer;
}

function halves(bigEndian: boolean, ...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) {
    if (bigEndian) buffer.writeUInt16BE(value, i * 2);
    else buffer.writeUInt16LE(value, i * 2);
  }
  return buffer;
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((4 - (content.length % 4)) % 4)]);
}
