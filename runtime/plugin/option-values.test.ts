import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { OptionValues } from "./option-values.js";
import { findPlugin } from "./testing/decode-rows.js";

const flow = findPlugin(registry.plugins, "flow");
const http = findPlugin(registry.plugins, "http");

describe("an option of a plugin", () => {
  it.each([
    ["active_timeout", flow, ["0.5", "60", "86400"], ["", " ", "0", "-5", "1e12", "0x10", "abc", "86401", "Infinity"]],
    ["credentials", http, ["true", "false"], ["", "yes", "TRUE", "1"]],
    ["request_headers", http, ["", "x-note", "X-Note, cookie"], ["a b", "a,,b", "ü", "a;b"]],
  ] as const)("%s accepts the values of its type and refuses others", (name, plugin, accepted, refused) => {
    const read = (value: string) => {
      const key = `${plugin.table.resource}.${name}`;
      return new OptionValues(plugin, new Map([[key, value]])).get(name);
    };
    for (const value of accepted) expect(read(value)).toBe(value);
    for (const value of refused) expect(() => read(value)).toThrow(`${plugin.table.resource}.${name} must be `);
  });
});
