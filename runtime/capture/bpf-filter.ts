import { LinkType } from "../packet/link-type.js";
import { WireloomError } from "../wireloom-error.js";
import { MAX_PACKET_BYTES } from "./block-buffer.js";
import { BpfProgram } from "./bpf-program.js";
import { captureNotPermitted } from "./capture-permission.js";
import { type Libpcap, loadLibpcap } from "./libpcap.js";

const OPTIMIZE = 1;
const NETMASK_UNKNOWN = 0xffffffff;
const INSTRUCTION_BYTES = 8;
/** A program of one instruction, which keeps the whole packet. */
const PASS_EVERYTHING = Uint8Array.of(0x06, 0, 0, 0, 0, 0, 4, 0);

/** libpcap's own numbers of link types that have other numbers in files (pcap-common.c). */
const LIBPCAP_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [LinkType.AtmRfc1483, 11],
  [LinkType.Raw, LinkType.RawBsd],
  [LinkType.RawOpenBsd, LinkType.RawBsd],
]);

// PCAP_ERROR_ values of pcap_activate.
const PERMISSION_DENIED = -8;
const PROMISCUOUS_PERMISSION_DENIED = -11;
const NOT_UP = -9;

/**
 * Compiles a filter expression (pcap-filter(7)) for stored frames of a LINKTYPE_. Throws `invalid_filter` with libpcap's message,
 * and `missing_library` without libpcap.
 */
export function compileFilter(expression: string, linkType: number, snapLength: number): BpfProgram {
  // For a link type that libpcap does not know, not even this expression compiles.
  if (expression === "") return new BpfProgram(expression, linkType, PASS_EVERYTHING);
  const libpcap = loadLibpcap();
  const handle = libpcap.openDead(LIBPCAP_LINK_TYPES.get(linkType) ?? linkType, snapLength);
  try {
    return compile(libpcap, handle, expression, linkType);
  } finally {
    libpcap.close(handle);
  }
}

/**
 * Compiles a filter expression for frames as the Linux kernel sees them on an interface: the VLAN tag is removed from
 * the frame, and `vlan` has to read it from the packet's metadata. Such a program runs only in the kernel. Throws as {@link compileFilter}
 * does, and `permission_denied`, because libpcap opens the interface to determine what its kernel supports.
 */
export function compileKernelFilter(expression: string, interfaceName: string, linkType: number): BpfProgram {
  const libpcap = loadLibpcap();
  const handle = libpcap.create(interfaceName, Buffer.alloc(256));
  if (handle === null)
    throw new WireloomError("interface_not_found", `there is no interface ${interfaceName} to filter on`);
  try {
    const status = libpcap.activate(handle);
    if (status === PERMISSION_DENIED || status === PROMISCUOUS_PERMISSION_DENIED)
      throw captureNotPermitted(interfaceName);
    // A capture waits for an interface that is down; the filter then finds only tags in the frames.
    if (status === NOT_UP) return compileFilter(expression, linkType, MAX_PACKET_BYTES);
    if (status < 0)
      throw new WireloomError("unavailable", `capturing on ${interfaceName} failed: ${libpcap.lastError(handle)}`);
    return compile(libpcap, handle, expression, linkType);
  } finally {
    libpcap.close(handle);
  }
}

function compile(libpcap: Libpcap, handle: bigint, expression: string, linkType: number): BpfProgram {
  const program = { bf_len: 0, bf_insns: null };
  if (libpcap.compile(handle, program, expression, OPTIMIZE, NETMASK_UNKNOWN) !== 0) {
    throw invalidFilter(expression, libpcap.lastError(handle));
  }
  const compiled: { bf_len: number; bf_insns: bigint | null } = program;
  try {
    const instructions = libpcap.copyMemory(compiled.bf_insns, compiled.bf_len * INSTRUCTION_BYTES);
    return new BpfProgram(expression, linkType, instructions);
  } finally {
    libpcap.freeCode(program);
  }
}

function invalidFilter(expression: string, reason: string): WireloomError {
  return new WireloomError("invalid_filter", `the filter "${expression}" is not valid: ${reason}; see man pcap-filter`);
}
