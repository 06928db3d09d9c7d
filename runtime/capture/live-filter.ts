import { LinkType } from "../packet/link-type.js";
import { WireloomError } from "../wireloom-error.js";
import { MAX_PACKET_BYTES } from "./block-buffer.js";
import { compileFilter, compileKernelFilter } from "./bpf-filter.js";
import { BpfProgram } from "./bpf-program.js";
import { hardwareTypesOf } from "./list-interfaces.js";
import { expressionFor, type PacketFilter } from "./packet-filter.js";

// Instructions of the classic Berkeley packet filter, and the ancillary loads of Linux (linux/filter.h).
const LOAD = 0x20;
const JUMP = 0x05;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
const INTERFACE_INDEX = 0xfffff000 + 8;
const HARDWARE_TYPE = 0xfffff000 + 28;
const WHOLE_PACKET = 0x40000;
const INSTRUCTION_BYTES = 8;

/** Maximum jump distance of one instruction, which limits the number of interfaces in a filter. */
export const MAX_FILTERED_INTERFACES = 100;

/** Inputs of a filter for several interfaces. */
export interface LiveFilterOptions {
  readonly filter: PacketFilter | undefined;
  /** An interface that is up, to determine what its kernel supports; undefined without one. */
  readonly sampleName: string | undefined;
}

/**
 * Compiles a filter for frames of every link type that interfaces of this host have: the kernel looks up the hardware type of a
 * packet's interface and runs the program for its link type. For a link type for which the expression is not valid, no frame matches;
 * throws `invalid_filter` if it is not valid for any of them.
 */
export function compileForEveryLink({ filter, sampleName }: LiveFilterOptions): Uint8Array | undefined {
  if (filter === undefined) return undefined;
  const compiled: [number, Uint8Array][] = [];
  let problem: unknown;
  for (const linkType of [LinkType.Ethernet, LinkType.Raw]) {
    const expression = expressionFor(filter, linkType);
    try {
      const program =
        linkType === LinkType.Ethernet && sampleName !== undefined
          ? compileKernelFilter(expression, sampleName, linkType)
          : compileFilter(expression, linkType, MAX_PACKET_BYTES);
      compiled.push([linkType, program.instructions]);
    } catch (error) {
      if (!(error instanceof WireloomError) || error.code !== "invalid_filter") throw error;
      problem ??= error;
    }
  }
  if (compiled.length === 0) throw problem;
  return dispatchByHardware(compiled);
}

/** Prepends a check of the packet's interface to a program; without a program every packet of the interfaces matches. */
export function filterInterfaces(indexes: readonly number[], program: Uint8Array | undefined): BpfProgram {
  const body = program ?? instruction(RETURN, 0, 0, WHOLE_PACKET);
  const parts = [instruction(LOAD, 0, 0, INTERFACE_INDEX)];
  for (const [i, index] of indexes.entries()) {
    // A match jumps over the other comparisons and the rejection after them.
    parts.push(instruction(JUMP_IF_EQUAL, indexes.length - i, 0, index));
  }
  parts.push(instruction(RETURN, 0, 0, 0), body);
  return new BpfProgram("", LinkType.Ethernet, Buffer.concat(parts));
}

function dispatchByHardware(programs: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const cases = programs.flatMap(([linkType, program]) => hardwareTypesOf(linkType).map((type) => ({ type, program })));
  const bodies = programs.map(([, program]) => program);
  const headLength = 1 + cases.length * 2 + 1;
  const parts = [instruction(LOAD, 0, 0, HARDWARE_TYPE)];
  for (const [i, { type, program }] of cases.entries()) {
    const before = bodies.slice(0, bodies.indexOf(program)).reduce((sum, body) => sum + body.length, 0);
    const target = headLength + before / INSTRUCTION_BYTES;
    // A long jump after each comparison, because a conditional jump may not reach the program.
    parts.push(instruction(JUMP_IF_EQUAL, 0, 1, type), instruction(JUMP, 0, 0, target - (1 + i * 2 + 1) - 1));
  }
  return Buffer.concat([...parts, instruction(RETURN, 0, 0, 0), ...bodies]);
}

function instruction(code: number, jumpTrue: number, jumpFalse: number, constant: number): Uint8Array {
  const bytes = Buffer.alloc(INSTRUCTION_BYTES);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(jumpTrue, 2);
  bytes.writeUInt8(jumpFalse, 3);
  bytes.writeUInt32LE(constant, 4);
  return bytes;
}
