import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { expect, it } from "vitest";
import { rowEnd } from "./row-end.js";

it.each([0, 1, 127, 128, 16_383, 16_384, 2_097_152])("a row of %d bytes ends where protobuf-es ends it", (length) => {
  const row = () => new BinaryWriter().tag(1, 2).bytes(new Uint8Array(length)).finish();
  const rows = Buffer.concat([row(), row(), Uint8Array.of(10)]);
  expect(rowEnd(rows, 0)).toBe(row().length);
  expect(rowEnd(rows, rowEnd(rows, 0))).toBe(rows.length - 1);
});
