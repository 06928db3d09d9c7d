import type { BpfProgram } from "./bpf-program.js";

const SCRATCH_WORDS = 16;
/** The memory of a program (`M[]` in bpf(4)), cleared for each run. */
const scratch = new Uint32Array(SCRATCH_WORDS);

/**
 * Runs a compiled filter on the frame `bytes[start, end)` of `originalLength` bytes on the wire, as libpcap's interpreter does:
 * a load outside the frame, a division by zero and an unknown instruction reject. Returns how many bytes to keep, 0 to reject.
 *
 * Instruction codes are those of `struct bpf_insn` (McCanne and Jacobson, The BSD Packet Filter, 1993): class in the lowest three
 * bits, then size and addressing mode of a load, or operation and operand of arithmetic and jumps.
 */
export function runFilter(
  program: BpfProgram,
  bytes: Uint8Array,
  start: number,
  end: number,
  originalLength: number,
): number {
  const { codes, jumpsTrue, jumpsFalse, constants, length } = program;
  const captured = end - start;
  let a = 0;
  let x = 0;
  scratch.fill(0);
  for (let pc = 0; pc < length; pc++) {
    const k = constants[pc]!;
    switch (codes[pc]!) {
      case 0x06: // ret k
        return k;
      case 0x16: // ret a
        return a;
      case 0x20: // ld [k]
        if (k + 4 > captured) return 0;
        a = readWord(bytes, start + k);
        break;
      case 0x28: // ldh [k]
        if (k + 2 > captured) return 0;
        a = (bytes[start + k]! << 8) | bytes[start + k + 1]!;
        break;
      case 0x30: // ldb [k]
        if (k + 1 > captured) return 0;
        a = bytes[start + k]!;
        break;
      case 0x40: // ld [x + k]
        if (x + k + 4 > captured) return 0;
        a = readWord(bytes, start + x + k);
        break;
      case 0x48: // ldh [x + k]
        if (x + k + 2 > captured) return 0;
        a = (bytes[start + x + k]! << 8) | bytes[start + x + k + 1]!;
        break;
      case 0x50: // ldb [x + k]
        if (x + k + 1 > captured) return 0;
        a = bytes[start + x + k]!;
        break;
      case 0x80: // ld len
        a = originalLength;
        break;
      case 0x81: // ldx len
        x = originalLength;
        break;
      case 0x00: // ld #k
        a = k;
        break;
      case 0x01: // ldx #k
        x = k;
        break;
      case 0x60: // ld M[k]
        if (k >= SCRATCH_WORDS) return 0;
        a = scratch[k]!;
        break;
      case 0x61: // ldx M[k]
        if (k >= SCRATCH_WORDS) return 0;
        x = scratch[k]!;
        break;
      case 0xb1: // ldx 4 * ([k] & 15)
        if (k + 1 > captured) return 0;
        x = (bytes[start + k]! & 15) << 2;
        break;
      case 0x02: // st M[k]
        if (k >= SCRATCH_WORDS) return 0;
        scratch[k] = a;
        break;
      case 0x03: // stx M[k]
        if (k >= SCRATCH_WORDS) return 0;
        scratch[k] = x;
        break;
      case 0x05: // ja k
        pc += k;
        break;
      case 0x15: // jeq #k
        pc += a === k ? jumpsTrue[pc]! : jumpsFalse[pc]!;
        break;
      case 0x1d: // jeq x
        pc += a === x ? jumpsTrue[pc]! : jumpsFalse[pc]!;
        break;
      case 0x25: // jgt #k
        pc += a > k ? jumpsTrue[pc]! : jumpsFalse[pc]!;
        break;
      case 0x2d: // jgt x
        pc += a > x ? jumpsTrue[pc]! : jumpsFalse[pc]!;
        break;
      case 0x35: // jge #k
        pc += a >= k ? jumpsTrue[pc]! : jumpsFalse[pc]!;
        break;
      case 0x3d: // jge x
        pc += a >= x ? jumpsTrue[pc]! : jumpsFalse[pc]!;
        break;
      case 0x45: // jset #k
        pc += (a & k) !== 0 ? jumpsTrue[pc]! : jumpsFalse[pc]!;
        break;
      case 0x4d: // jset x
        pc += (a & x) !== 0 ? jumpsTrue[pc]! : jumpsFalse[pc]!;
        break;
      case 0x07: // tax
        x = a;
        break;
      case 0x87: // txa
        a = x;
        break;
      case 0x84: // neg
        a = -a >>> 0;
        break;
      default: {
        // Arithmetic: bit 3 indicates whether the operand is x or the constant.
        if ((codes[pc]! & 0x07) !== 0x04) return 0;
        const operand = (codes[pc]! & 0x08) !== 0 ? x : k;
        const operation = codes[pc]! & 0xf0;
        if (operand === 0 && (operation === DIVIDE || operation === MODULO)) return 0;
        a = calculate(operation, a, operand);
        if (a < 0) return 0;
      }
    }
  }
  return 0;
}

const DIVIDE = 0x30;
const MODULO = 0x90;

/** Unsigned 32-bit arithmetic; -1 for an unknown operation. */
function calculate(operation: number, a: number, operand: number): number {
  switch (operation) {
    case 0x00:
      return (a + operand) >>> 0;
    case 0x10:
      return (a - operand) >>> 0;
    case 0x20:
      return Math.imul(a, operand) >>> 0;
    case DIVIDE:
      return Math.floor(a / operand);
    case 0x40:
      return (a | operand) >>> 0;
    case 0x50:
      return (a & operand) >>> 0;
    case 0x60:
      return operand < 32 ? (a << operand) >>> 0 : 0;
    case 0x70:
      return operand < 32 ? a >>> operand : 0;
    case MODULO:
      return a % operand;
    case 0xa0:
      return (a ^ operand) >>> 0;
    default:
      return -1;
  }
}

function readWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
