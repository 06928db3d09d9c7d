import { createRequire } from "node:module";

/**
 * The package ipaddr.js, a CommonJS module. Where an ES module imports one, Node first looks through all of its text for the names that it
 * exports, which makes each start of the command slower. The assertion is what the package declares of itself.
 */
export const ipaddr = createRequire(import.meta.url)("ipaddr.js") as typeof import("ipaddr.js");
