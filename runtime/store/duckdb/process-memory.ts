import { createRequire } from "node:module";

/** What koffi knows of this process's memory. */
interface ProcessMemory {
  /** Address of a typed array's first byte. */
  readonly addressOf: (bytes: Uint8Array) => bigint;
  /** The bytes at an address, without a copy; valid as long as their owner keeps them. */
  readonly viewAt: (address: bigint, byteLength: number) => ArrayBuffer;
}

/** This process's memory; undefined where koffi is not installed or does not load. */
export const processMemory: ProcessMemory | undefined = loadProcessMemory();

function loadProcessMemory(): ProcessMemory | undefined {
  try {
    const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
    return {
      addressOf: (bytes) => koffi.address(bytes),
      viewAt: (address, byteLength) => koffi.view(address, byteLength),
    };
  } catch {
    return undefined;
  }
}
