import { WireloomError } from "../wireloom-error.js";
import type { BpfProgram } from "./bpf-program.js";
import { captureNotPermitted } from "./capture-permission.js";
import { type PacketSocketCalls, packetSocketCalls } from "./packet-socket-calls.js";

// Numbers of linux/if_packet.h, linux/if_ether.h, sys/socket.h and sys/mman.h. Structures are written little-endian: koffi has
// builds only for little-endian platforms.
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const TPACKET_V3 = 2;
const PACKET_MR_PROMISC = 1;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 0x01;
const MAP_PRIVATE = 0x02;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_FAILED = 0xffffffffffffffffn;
const POLLIN = 1;
const EPERM = 1;
const EACCES = 13;

/** Bytes of `struct sock_fprog` on 64-bit hosts. */
const SOCK_FPROG_BYTES = 16;
/** A frame size is required, although version 3 of the ring packs frames of any size into blocks. */
const FRAME_BYTES = 2048;
/** After this time, the kernel returns a block even if it is not full. */
const RETIRE_BLOCK_MS = 50;

/** Size of a block of the ring. */
export const RING_BLOCK_BYTES = 1024 * 1024;

const collectedRings = new FinalizationRegistry((unmap: () => void) => unmap());

/** Options of a packet socket. */
export interface PacketRingOptions {
  /** Name of the capture in messages. */
  readonly name: string;
  /** Index of the interface to capture on; 0 for every interface. */
  readonly interfaceIndex: number;
  /** Indexes of the interfaces that are switched to promiscuous mode. */
  readonly promiscuousIndexes: readonly number[];
  readonly filter?: BpfProgram | undefined;
  readonly blockCount: number;
}

/**
 * An AF_PACKET socket with its TPACKET_V3 ring mapped into this process (Documentation/networking/packet_mmap.rst).
 * Throws `permission_denied` and `unavailable`.
 */
export class PacketRing {
  readonly #options: PacketRingOptions;
  /** The ring; empty after closing. */
  bytes: Uint8Array;
  /** The ring as 32-bit words. */
  words: Uint32Array;
  readonly #calls: PacketSocketCalls;
  readonly #socket: number;
  readonly #address: bigint;
  readonly #lengthBytes: number;
  /** One `struct pollfd`. */
  readonly #descriptors = new Uint8Array(8);
  #polling: Promise<number> | undefined;
  #isClosed = false;

  constructor(options: PacketRingOptions) {
    this.#options = options;
    this.#calls = packetSocketCalls();
    // Protocol 0 receives nothing, so packets cannot pass before the filter is set and the socket is bound.
    this.#socket = this.#calls.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (this.#socket < 0) throw this.#failure("opening a packet socket");
    try {
      this.#lengthBytes = options.blockCount * RING_BLOCK_BYTES;
      this.#address = this.#configure();
    } catch (error) {
      this.#calls.close(this.#socket);
      throw error;
    }
    const memory = this.#calls.view(this.#address, this.#lengthBytes);
    this.bytes = new Uint8Array(memory);
    this.words = new Uint32Array(memory);
    const descriptor = new DataView(this.#descriptors.buffer);
    descriptor.setInt32(0, this.#socket, true);
    descriptor.setInt16(4, POLLIN, true);
  }

  /** Replaces the filter, which the kernel runs on every packet before it reaches the ring. */
  attach(filter: BpfProgram): void {
    const program = { len: filter.length, filter: filter.instructions };
    if (this.#calls.attachFilter(this.#socket, SOL_SOCKET, SO_ATTACH_FILTER, program, SOCK_FPROG_BYTES) < 0)
      throw this.#failure("attaching the filter");
  }

  /** Switches an interface to promiscuous mode until it is deleted or the ring is closed. */
  watch(interfaceIndex: number): void {
    this.#setOption(PACKET_ADD_MEMBERSHIP, [interfaceIndex, PACKET_MR_PROMISC, 0, 0], "switching to promiscuous mode");
  }

  /** Captures on an interface from now on, or on every one with index 0. */
  bind(interfaceIndex: number): void {
    // struct sockaddr_ll, whose protocol is in network byte order.
    const target = new Uint8Array(20);
    const view = new DataView(target.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, ETH_P_ALL);
    view.setInt32(4, interfaceIndex, true);
    if (this.#calls.bind(this.#socket, target, target.length) < 0) throw this.#failure("binding");
  }

  /** The name of the interface with an index; undefined if it no longer exists. */
  interfaceName(index: number): string | undefined {
    return this.#calls.interfaceName(index, new Uint8Array(16)) ?? undefined;
  }

  /** Waits until a block is ready, the interface failed or the timeout has passed, without blocking this thread. */
  async wait(timeoutMs: number): Promise<void> {
    if (this.#isClosed) return;
    this.#polling = this.#calls.poll(this.#descriptors, timeoutMs);
    try {
      await this.#polling;
    } finally {
      this.#polling = undefined;
    }
  }

  /** The error of the socket since the last call, such as "Network is down". */
  takeFailure(): string | undefined {
    const errno = this.#readOption(SOL_SOCKET, SO_ERROR, 4).getUint32(0, true);
    return errno === 0 ? undefined : this.#calls.describe(errno);
  }

  /** Packets that the kernel dropped since the last call because the ring was full. */
  takeDrops(): number {
    return this.#readOption(SOL_PACKET, PACKET_STATISTICS, 12).getUint32(4, true);
  }

  /**
   * Unmaps the ring when no poll is running. Typed arrays over it may still be referenced, and reading unmapped memory ends the
   * process, so zero pages, which use no memory, are mapped in its place until the last array is collected.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#polling?.catch(() => undefined);
    const calls = this.#calls;
    const address = this.#address;
    const lengthBytes = this.#lengthBytes;
    calls.map(address, lengthBytes, PROT_READ_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
    calls.close(this.#socket);
    collectedRings.register(this.bytes.buffer, () => calls.unmap(address, lengthBytes));
    this.bytes = new Uint8Array(0);
    this.words = new Uint32Array(0);
  }

  #configure(): bigint {
    const calls = this.#calls;
    const socket = this.#socket;
    const options = this.#options;
    const lengthBytes = this.#lengthBytes;
    this.#setOption(PACKET_VERSION, [TPACKET_V3], "asking for ring version 3");
    const framesPerRing = lengthBytes / FRAME_BYTES;
    const ring = [RING_BLOCK_BYTES, options.blockCount, FRAME_BYTES, framesPerRing, RETIRE_BLOCK_MS, 0, 0];
    this.#setOption(PACKET_RX_RING, ring, `reserving a ring of ${options.blockCount} MiB`);
    if (options.filter !== undefined) this.attach(options.filter);
    const address = calls.map(0n, lengthBytes, PROT_READ_WRITE, MAP_SHARED, socket, 0);
    if (address === null || address === MAP_FAILED) throw this.#failure("mapping the ring");
    for (const index of options.promiscuousIndexes) this.watch(index);
    this.bind(options.interfaceIndex);
    return address;
  }

  #setOption(option: number, words: readonly number[], doing: string): void {
    const value = new Uint8Array(Uint32Array.from(words).buffer);
    if (this.#calls.setOption(this.#socket, SOL_PACKET, option, value, value.length) < 0) throw this.#failure(doing);
  }

  #readOption(level: number, option: number, lengthBytes: number): DataView {
    const value = new Uint8Array(lengthBytes);
    const length = new Uint8Array(Uint32Array.of(lengthBytes).buffer);
    if (!this.#isClosed) this.#calls.getOption(this.#socket, level, option, value, length);
    return new DataView(value.buffer);
  }

  #failure(doing: string): WireloomError {
    const { name } = this.#options;
    const errno = this.#calls.errno();
    if (errno === EPERM || errno === EACCES) return captureNotPermitted(name);
    return new WireloomError("unavailable", `capturing on ${name} failed at ${doing}: ${this.#calls.describe(errno)}`);
  }
}
