import { createRequire } from "node:module";

/**
 * The package ipaddr.js, a CommonJS module. Imported as an ES module it would be searched for names first, which takes a tenth of the start of
 * the command.
 */
export const ipaddr = createRequire(import.meta.url)("ipaddr.js") as typeof import("ipaddr.js");
