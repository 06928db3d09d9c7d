import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { OptionValues } from "./option-values.js";
import { findPlugin } from "./testing/decode-rows.js";

const flow = findPlugin(registry.plugins, "flow");
const http = findPlugin(registry.plugins, "http");

describe("the options of a plugin", () => {
  it.each([
    [flow, "active_timeout", ["0.5", "60", "86400"], ["", " ", "0", "-5", "1e12", "0x10", "abc", "86401", "Infinity"]],
    [http, "credentials", ["true", "false"], ["", "yes", "TRUE", "1"]],
    [http, "request_headers", ["", "x-note", "X-Note, cookie"], ["a b", "a,,b", "ü", "a;b"]],
  ] as const)("%# %s have the values that they are declared to have", (plugin, name, accepted, refused) => {
    const read = (value: string) => {
      const key = `${plugin.table.resource}.${name}`;
      return new OptionValues(plugin, new Map([[key, value]])).get(name);
    };
    for (const value of accepted) expect(read(value)).toBe(value);
    for (const value of refused) expect(() => read(value)).toThrow(`${plugin.table.resource}.${name} is `);
  });
});
