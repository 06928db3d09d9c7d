/** Bytes of one instruction: 16-bit code, two 8-bit jumps, 32-bit constant, in the byte order of this host (`struct bpf_insn`). */
const INSTRUCTION_BYTES = 8;

/** A compiled filter: instructions of the classic Berkeley packet filter for frames of one link type. */
export class BpfProgram {
  readonly expression: string;
  readonly linkType: number;
  readonly instructions: Uint8Array;
  readonly length: number;
  readonly codes: Uint16Array;
  readonly jumpsTrue: Uint8Array;
  readonly jumpsFalse: Uint8Array;
  readonly constants: Uint32Array;

  /** `instructions` have the memory layout of the kernel. */
  constructor(expression: string, linkType: number, instructions: Uint8Array) {
    this.expression = expression;
    this.linkType = linkType;
    this.instructions = instructions;
    const view = new DataView(instructions.buffer, instructions.byteOffset, instructions.byteLength);
    this.length = instructions.length / INSTRUCTION_BYTES;
    this.codes = new Uint16Array(this.length);
    this.jumpsTrue = new Uint8Array(this.length);
    this.jumpsFalse = new Uint8Array(this.length);
    this.constants = new Uint32Array(this.length);
    for (let i = 0; i < this.length; i++) {
      const at = i * INSTRUCTION_BYTES;
      this.codes[i] = view.getUint16(at, true);
      this.jumpsTrue[i] = view.getUint8(at + 2);
      this.jumpsFalse[i] = view.getUint8(at + 3);
      this.constants[i] = view.getUint32(at + 4, true);
    }
  }
}
