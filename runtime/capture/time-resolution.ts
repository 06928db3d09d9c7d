import type { PacketBlock } from "../packet/packet-block.js";

const NANOSECONDS_PER_SECOND = 1_000_000_000;
const LIMBS = 8;
/** Limbs of a 64-bit time. */
const TIME_LIMBS = 4;

/**
 * Converts the 64-bit times of a pcapng interface to nanoseconds since the Unix epoch (if_tsresol and if_tsoffset,
 * draft-ietf-opsawg-pcapng, section 4.2).
 *
 * Works on 16-bit limbs, least significant first: a limb times a factor below 2^30, or a remainder below 2^30 before a limb,
 * is exact in a double.
 */
export class TimeResolution {
  readonly #limbs = new Float64Array(LIMBS);
  readonly #multiplier: number;
  /** Divisors, each below 2^30, applied one after the other. */
  readonly #divisors: number[] = [];
  /** Nanoseconds in two's complement; undefined for none. */
  readonly #offset: Float64Array | undefined;

  /**
   * `resolution` is the value of if_tsresol: units of 10^-n seconds, or of 2^-n seconds if the upper bit is set.
   * `offsetSeconds` is a signed 64-bit number.
   */
  constructor(resolution: number, offsetSeconds: bigint) {
    let exponent = resolution & 0x7f;
    const isPowerOfTwo = (resolution & 0x80) !== 0;
    if (isPowerOfTwo) {
      this.#multiplier = NANOSECONDS_PER_SECOND;
      for (; exponent > 0; exponent -= 16) this.#divisors.push(2 ** Math.min(exponent, 16));
    } else {
      this.#multiplier = 10 ** Math.max(0, 9 - exponent);
      for (exponent -= 9; exponent > 0; exponent -= 9) this.#divisors.push(10 ** Math.min(exponent, 9));
    }
    const offset = BigInt.asUintN(16 * LIMBS, offsetSeconds * BigInt(NANOSECONDS_PER_SECOND));
    if (offset !== 0n)
      this.#offset = Float64Array.from({ length: LIMBS }, (_, i) => Number((offset >> BigInt(16 * i)) & 0xffffn));
  }

  /** Writes the time of packet `index`, limited to 0 … 2^64 - 1 ns. */
  store(block: PacketBlock, index: number, high: number, low: number): void {
    const limbs = this.#limbs;
    const multiplier = this.#multiplier;
    const divisors = this.#divisors;
    const offset = this.#offset;
    if (multiplier === 1 && divisors.length === 0 && offset === undefined) {
      block.timesLow[index] = low;
      block.timesHigh[index] = high;
      return;
    }
    limbs.fill(0);
    limbs[0] = low & 0xffff;
    limbs[1] = low >>> 16;
    limbs[2] = high & 0xffff;
    limbs[3] = high >>> 16;
    multiply(limbs, multiplier);
    for (const divisor of divisors) divide(limbs, divisor);
    if (offset !== undefined) add(limbs, offset);
    saturate(limbs);
    block.timesLow[index] = limbs[1]! * 65536 + limbs[0]!;
    block.timesHigh[index] = limbs[3]! * 65536 + limbs[2]!;
  }
}

function multiply(limbs: Float64Array, factor: number): void {
  let carry = 0;
  for (let i = 0; i < LIMBS; i++) {
    const product = limbs[i]! * factor + carry;
    carry = Math.floor(product / 65536);
    limbs[i] = product - carry * 65536;
  }
}

function divide(limbs: Float64Array, divisor: number): void {
  let remainder = 0;
  for (let i = LIMBS - 1; i >= 0; i--) {
    const dividend = remainder * 65536 + limbs[i]!;
    const quotient = Math.floor(dividend / divisor);
    remainder = dividend - quotient * divisor;
    limbs[i] = quotient;
  }
}

/** Adds in two's complement; every sum fits in 128 bits. */
function add(limbs: Float64Array, addend: Float64Array): void {
  let carry = 0;
  for (let i = 0; i < LIMBS; i++) {
    const sum = limbs[i]! + addend[i]! + carry;
    carry = sum > 0xffff ? 1 : 0;
    limbs[i] = sum & 0xffff;
  }
}

/** Limits to 0 … 2^64 - 1. */
function saturate(limbs: Float64Array): void {
  let isBeyond = false;
  for (let i = TIME_LIMBS; i < LIMBS; i++) isBeyond ||= limbs[i] !== 0;
  if (!isBeyond) return;
  const isNegative = limbs[LIMBS - 1]! >= 0x8000;
  limbs.fill(isNegative ? 0 : 0xffff);
}
