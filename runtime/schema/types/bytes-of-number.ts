import { parseHex } from "../../bytes/hexadecimal.js";

/** A number below 2^(8 * `length`) as bytes in network order. */
export function bytesOfNumber(value: bigint, length: number): Uint8Array {
  // The digits are hexadecimal and even in number.
  return parseHex(value.toString(16).padStart(length * 2, "0"))!;
}
