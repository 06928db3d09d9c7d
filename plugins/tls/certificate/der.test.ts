import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex } from "../testing/messages.js";
import { DerReader, DerTag } from "./der.js";
import { objectIdentifier } from "./object-identifier.js";

const reader = (digits: string) => {
  const bytes = hex(digits);
  return new DerReader(bytes, 0, bytes.length);
};

describe("elements", () => {
  it("follow each other", () => {
    const elements = reader("02 01 05  30 03 01 01 ff");
    expect(elements.next()).toBe(true);
    expect(elements).toMatchObject({ tag: DerTag.Integer, elementStart: 0, start: 2, end: 3 });
    expect(elements.nextIf(DerTag.Set)).toBe(false);
    expect(elements.nextIf(DerTag.Sequence)).toBe(true);
    expect(elements).toMatchObject({ elementStart: 3, start: 5, end: 8 });
    expect(elements.next()).toBe(false);
    const inner = elements.content();
    expect(inner.nextIf(DerTag.Boolean)).toBe(true);
    expect(inner.next()).toBe(false);
  });

  it("may have their length in several bytes", () => {
    const elements = reader(`04 82 0100 ${"00".repeat(256)}`);
    expect(elements.next()).toBe(true);
    expect(elements).toMatchObject({ start: 4, end: 260 });
  });

  it.each([
    ["nothing", ""],
    ["a tag alone", "30"],
    ["content that is not all there", "30 02 00"],
    ["a length that is not all there", "30 82 01"],
    ["an indefinite length, which is not distinguished", "30 80 00 00"],
    ["a length of five bytes", "30 85 00 00 00 00 00"],
    ["a length beyond all memory", "30 84 ff ff ff ff"],
    ["a tag of several bytes", "3f 81 01 00"],
  ])("are none in %s", (_, digits) => {
    expect(reader(digits).next()).toBe(false);
  });

  it("end within their bounds for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const elements = new DerReader(bytes, 0, bytes.length);
        for (let last = 0; elements.next(); last = elements.end) {
          expect(elements.elementStart).toBe(last);
          expect(elements.end).toBeGreaterThan(last);
          expect(elements.end).toBeLessThanOrEqual(bytes.length);
        }
      }),
    );
  });
});

describe("an object identifier", () => {
  it.each([
    // X.690, section 8.19.5, example: { joint-iso-itu-t 999 3 }.
    ["88 37 03", "2.999.3"],
    ["2a 86 48 86 f7 0d 01 01 0b", "1.2.840.113549.1.1.11"],
    ["55 04 03", "2.5.4.3"],
    ["00", "0.0"],
  ])("%s is %s", (digits, expected) => {
    const bytes = hex(digits);
    expect(objectIdentifier(bytes, 0, bytes.length)).toBe(expected);
  });

  it.each(["", "2a 86", "2a ff ff ff ff ff ff ff ff ff 7f", "2a".repeat(65)])("is not valid in %s", (digits) => {
    const bytes = hex(digits);
    expect(objectIdentifier(bytes, 0, bytes.length)).toBe("");
  });
});
