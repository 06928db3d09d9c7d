import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { expect, it } from "vitest";
import { contentStart, fieldEnd } from "./length-delimited.js";

it.each([0, 1, 127, 128, 16_383, 16_384, 2_097_152])("a field of %d bytes lies where protobuf-es puts it", (length) => {
  const field = new BinaryWriter().tag(1, 2).bytes(new Uint8Array(length)).finish();
  const fields = Buffer.concat([field, field, Uint8Array.of(10)]);
  expect(fieldEnd(fields, 0)).toBe(field.length);
  expect(contentStart(fields, 0)).toBe(field.length - length);
  expect(fieldEnd(fields, fieldEnd(fields, 0))).toBe(fields.length - 1);
  expect(contentStart(fields, field.length)).toBe(field.length * 2 - length);
});
