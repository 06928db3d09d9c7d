import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { OptionTypeSchema } from "../../generated/wireloom/v1/annotations_pb.js";
import { findPlugin } from "../plugin/testing/decode-rows.js";
import { OPTION_TYPES, optionProblem } from "../schema/option-type.js";
import { OptionValues } from "./option-values.js";

const flow = findPlugin(registry.plugins, "flow");
const http = findPlugin(registry.plugins, "http");

it("the types of options are those of the annotation, by number", () => {
  const names = OptionTypeSchema.values.map(({ number, name }) => [
    number,
    name.replace("OPTION_TYPE_", "").toLowerCase(),
  ]);
  expect(OPTION_TYPES.map((name, number) => [number, name === "text" ? "unspecified" : name])).toEqual(names);
});

describe("an option of a plugin", () => {
  it.each([
    ["active_timeout", flow, ["0.5", "60", "86400"], ["", " ", "0", "-5", "1e12", "0x10", "abc", "86401", "Infinity"]],
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

it("accepts any text, and true or false for a boolean", () => {
  for (const text of ["", "yes", "TRUE", "1", "true", "false"]) {
    expect(optionProblem("text", text)).toBeUndefined();
    const problem = ["true", "false"].includes(text) ? undefined : `must be true or false, not "${text}"`;
    expect(optionProblem("bool", text)).toBe(problem);
  }
});
