import { createRequire } from "node:module";
import { WireloomError } from "../wireloom-error.js";

/** The used functions of koffi. */
export type Koffi = typeof import("koffi");

/**
 * Loads koffi, which calls C functions. It is loaded only for live capture or a filter, so that decoding a file works
 * on systems without it. Throws `missing_library` there.
 */
export function loadKoffi(): Koffi {
  try {
    // A cast, because require() is untyped; the module is the one that the import type names.
    return createRequire(import.meta.url)("koffi") as Koffi;
  } catch (cause) {
    throw new WireloomError(
      "missing_library",
      `live capture and filters need koffi, which has no build for ${process.platform} on ${process.arch}; run "npm install" again ` +
        "or read capture files without a filter",
      { cause },
    );
  }
}
