import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteSlot } from "./byte-slot.js";
import { skipName, writeName } from "./domain-name.js";

function read(hex: string, at = 0): { text: string; next: number } {
  const bytes = Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
  const slot = new ByteSlot(1012);
  const next = writeName(slot, bytes, at, 0, bytes.length);
  return { text: Buffer.from(slot.bytes.subarray(0, slot.length)).toString("utf8"), next };
}

describe("writeName", () => {
  // RFC 1035, section 4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92. Offsets here are from 0.
  const example = "01 46 03 495349 04 41525041 00  03 464f4f c000  c006  00";

  it.each([
    [0, "F.ISI.ARPA", 12],
    [12, "FOO.F.ISI.ARPA", 18],
    [18, "ARPA", 20],
    [20, ".", 21],
  ])("reads the names of RFC 1035, section 4.1.4, at %i", (at, text, next) =>
    expect(read(example, at)).toEqual({ text, next }),
  );

  it("escapes as RFC 4343, section 2.1 does", () => {
    // Labels `a.b`, `\`, a space, bytes 0, 9, 127 and 255, `ü` in UTF-8.
    expect(read("03 612e62 01 5c 01 20 04 00097fff 02 c3bc 00").text).toBe("a\\.b.\\\\.\\032.\\000\\009\\127\\255.ü");
  });

  it("holds the longest name with every octet escaped", () => {
    const label = (length: number) => length.toString(16).padStart(2, "0") + "00".repeat(length);
    const { text, next } = read(`${label(63)}${label(63)}${label(63)}${label(61)}00`);
    expect(next).toBe(255);
    expect(text).toHaveLength(250 * 4 + 3);
  });

  it.each([
    ["a name of 256 octets", `${`3f${"61".repeat(63)}`.repeat(3)}3e${"61".repeat(62)}00`, 0],
    ["a label that leaves the message", "05 6161", 0],
    ["a name without an end", "01 61", 0],
    ["a pointer to itself", "c000", 0],
    ["a pointer forward", "c002 00", 0],
    ["two pointers at each other", "c002 c000", 2],
    ["a pointer into the labels before it", "01 61 c000", 0],
    ["half a pointer", "00 c0", 1],
    ["a label of the reserved kind 01", "41 61 00", 0],
    ["a label of the reserved kind 10", "81 61 00", 0],
  ])("refuses %s", (_, hex, at) => expect(read(hex, at)).toEqual({ text: "", next: -1 }));

  it("follows at most as many pointers as a name can have labels", () => {
    const chain = (count: number) =>
      `00${Array.from({ length: count }, (_, i) => (0xc000 + Math.max(0, 2 * i - 1)).toString(16)).join("")}`;
    expect(read(chain(127), 2 * 127 - 1).text).toBe(".");
    expect(read(chain(128), 2 * 128 - 1).next).toBe(-1);
  });

  it("cuts a name at the slot's bound and tells so", () => {
    const slot = new ByteSlot(4);
    expect(writeName(slot, Buffer.from("\x03abc\x03def\0", "utf8"), 0, 0, 9)).toBe(9);
    expect([Buffer.from(slot.bytes).toString(), slot.length, slot.overflowed]).toEqual(["abc.", 4, true]);
  });

  it("returns the labels that were encoded", () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 10 }), (labels) => {
        const wire = Buffer.concat([...labels.flatMap((bytes) => [Buffer.of(bytes.length), bytes]), Buffer.of(0)]);
        const { text, next } = read(wire.toString("hex"));
        expect(next).toBe(wire.length);
        expect(parse(text)).toEqual(labels.map((bytes) => [...bytes]));
      }),
    );
  });

  it("never writes part of an invalid name, and agrees with skipName about the end of a valid one", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(59), (bytes, at) => {
        const slot = new ByteSlot(1012);
        const next = writeName(slot, bytes, at, 0, bytes.length);
        if (next === -1) expect([slot.length, slot.isPresent]).toEqual([0, false]);
        else expect(skipName(bytes, at, bytes.length)).toBe(next);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Labels of a name in presentation text. */
function parse(text: string): number[][] {
  const labels: number[][] = [[]];
  for (const [whole, decimal, escaped] of text.matchAll(/\\(\d{3})|\\(.)|[^\\]/gu)) {
    if (whole === ".") labels.push([]);
    else labels.at(-1)!.push(...(decimal === undefined ? Buffer.from(escaped ?? whole) : [Number(decimal)]));
  }
  return labels;
}
