import { createRequire } from "node:module";
import { WireloomError } from "../wireloom-error.js";

/** The C calls of a library, as koffi hands them over. */
export type Koffi = typeof import("koffi");

/**
 * Loads koffi, which calls C functions. It is loaded when live capture or a filter asks for it, never before: decoding a file works
 * where it does not. Throws `missing_library` there.
 */
export function loadKoffi(): Koffi {
  try {
    // A cast, because require() knows no types; the module is the one that the import type names.
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
