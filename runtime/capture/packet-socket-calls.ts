import { WireloomError } from "../wireloom-error.js";
import { loadKoffi } from "./load-koffi.js";

/** The C library calls of a packet socket. Calls that return a number return -1 on failure and set `errno`. */
export interface PacketSocketCalls {
  socket(domain: number, type: number, protocol: number): number;
  setOption(socket: number, level: number, option: number, value: Uint8Array, lengthBytes: number): number;
  attachFilter(
    socket: number,
    level: number,
    option: number,
    filter: { len: number; filter: Uint8Array },
    lengthBytes: number,
  ): number;
  getOption(socket: number, level: number, option: number, value: Uint8Array, lengthBytes: Uint8Array): number;
  bind(socket: number, address: Uint8Array, lengthBytes: number): number;
  interfaceIndex(name: string): number;
  /** Name of the interface of an index, also written to `name`, of at least 16 bytes; null if it does not exist. */
  interfaceName(index: number, name: Uint8Array): string | null;
  map(
    address: bigint,
    lengthBytes: number,
    protection: number,
    flags: number,
    socket: number,
    offset: number,
  ): bigint | null;
  unmap(address: bigint, lengthBytes: number): number;
  /** Waits on a separate thread; the memory of `descriptors` must stay valid until it returns. */
  poll(descriptors: Uint8Array, timeoutMs: number): Promise<number>;
  close(socket: number): number;
  /** Returns mapped memory without copying it; reading it after {@link unmap} ends the process. */
  view(address: bigint, lengthBytes: number): ArrayBuffer;
  errno(): number;
  describe(errno: number): string;
}

let bound: PacketSocketCalls | undefined;

/** Binds the calls once. Throws `missing_library` outside Linux and on platforms without a build of koffi. */
export function packetSocketCalls(): PacketSocketCalls {
  if (process.platform !== "linux") {
    throw new WireloomError(
      "missing_library",
      `AF_PACKET is Linux only, this is ${process.platform}; use the cap source`,
    );
  }
  bound ??= bindCalls();
  return bound;
}

function bindCalls(): PacketSocketCalls {
  const koffi = loadKoffi();
  // The symbols of the process itself, which is linked to the C library, whichever it is.
  const library = koffi.load(null);
  const program = koffi.struct({ len: "uint16_t", filter: "const void *" });
  const poll = library.func("poll", "int", ["void *", "unsigned long", "int"]);
  return {
    socket: library.func("socket", "int", ["int", "int", "int"]),
    setOption: library.func("setsockopt", "int", ["int", "int", "int", "const void *", "uint32_t"]),
    attachFilter: library.func("setsockopt", "int", ["int", "int", "int", koffi.pointer(program), "uint32_t"]),
    getOption: library.func("getsockopt", "int", ["int", "int", "int", "void *", "void *"]),
    bind: library.func("bind", "int", ["int", "const void *", "uint32_t"]),
    interfaceIndex: library.func("if_nametoindex", "unsigned int", ["str"]),
    interfaceName: library.func("if_indextoname", "str", ["unsigned int", "void *"]),
    map: library.func("mmap", "void *", ["void *", "size_t", "int", "int", "int", "int64_t"]),
    unmap: library.func("munmap", "int", ["void *", "size_t"]),
    poll: (descriptors, timeoutMs) =>
      new Promise((resolve, reject) => {
        poll.async(descriptors, 1, timeoutMs, (error: unknown, ready: number) => {
          if (error === null || error === undefined) resolve(ready);
          else reject(error);
        });
      }),
    close: library.func("close", "int", ["int"]),
    view: (address, lengthBytes) => koffi.view(address, lengthBytes),
    errno: () => koffi.errno(),
    describe: library.func("strerror", "str", ["int"]),
  };
}
