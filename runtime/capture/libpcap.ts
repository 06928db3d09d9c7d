import { WireloomError } from "../wireloom-error.js";
import { type Koffi, loadKoffi } from "./load-koffi.js";

/** `struct bpf_program` as filled by koffi. */
export interface CompiledProgram {
  bf_len: number;
  bf_insns: bigint | null;
}

/** The functions of libpcap that compile filters; a handle is a `pcap_t *`. */
export interface Libpcap {
  openDead(linkType: number, snapLength: number): bigint;
  create(interfaceName: string, errorBuffer: Uint8Array): bigint | null;
  activate(handle: bigint): number;
  compile(handle: bigint, program: CompiledProgram, expression: string, optimize: number, netmask: number): number;
  freeCode(program: CompiledProgram): void;
  lastError(handle: bigint): string;
  close(handle: bigint): void;
  /** A copy of memory that libpcap owns. */
  copyMemory(pointer: bigint | null, lengthBytes: number): Uint8Array;
}

/** Debian calls version 1 "0.8". */
const LIBRARY_NAMES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ["libpcap.A.dylib", "libpcap.dylib"],
  win32: ["wpcap.dll"],
};
const UNIX_LIBRARY_NAMES = ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so"];

let loaded: Libpcap | undefined;

/** Loads libpcap once. Throws `missing_library` if it is not installed. */
export function loadLibpcap(): Libpcap {
  loaded ??= bindLibpcap(loadKoffi());
  return loaded;
}

function bindLibpcap(koffi: Koffi): Libpcap {
  const library = openLibrary(koffi);
  const program = koffi.struct({ bf_len: "unsigned int", bf_insns: "void *" });
  return {
    openDead: library.func("pcap_open_dead", "void *", ["int", "int"]),
    create: library.func("pcap_create", "void *", ["str", "void *"]),
    activate: library.func("pcap_activate", "int", ["void *"]),
    compile: library.func("pcap_compile", "int", [
      "void *",
      koffi.out(koffi.pointer(program)),
      "str",
      "int",
      "uint32_t",
    ]),
    freeCode: library.func("pcap_freecode", "void", [koffi.inout(koffi.pointer(program))]),
    lastError: library.func("pcap_geterr", "str", ["void *"]),
    close: library.func("pcap_close", "void", ["void *"]),
    copyMemory: (pointer, lengthBytes) => new Uint8Array(koffi.view(pointer, lengthBytes)).slice(),
  };
}

function openLibrary(koffi: Koffi): ReturnType<Koffi["load"]> {
  let cause: unknown;
  for (const name of LIBRARY_NAMES[process.platform] ?? UNIX_LIBRARY_NAMES) {
    try {
      return koffi.load(name);
    } catch (error) {
      cause = error;
    }
  }
  throw new WireloomError(
    "missing_library",
    'packet filters (--bpf, --bound-traffic) need libpcap, which is not installed; install it with "apt-get install libpcap0.8", ' +
      '"dnf install libpcap" or "apk add libpcap", or leave the option out',
    { cause },
  );
}
