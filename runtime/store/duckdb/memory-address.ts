import { createRequire } from "node:module";

/** Address of a typed array's first byte; undefined where koffi is not installed or does not load. */
export type AddressOf = (bytes: Uint8Array) => bigint;

/** {@link AddressOf} of this process; undefined where native memory cannot be looked at. */
export const addressOf: AddressOf | undefined = loadAddressOf();

function loadAddressOf(): AddressOf | undefined {
  try {
    const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
    return (bytes) => koffi.address(bytes);
  } catch {
    return undefined;
  }
}
