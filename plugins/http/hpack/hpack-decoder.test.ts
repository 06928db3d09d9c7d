import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { ascii } from "../../../runtime/plugin/index.js";

import { type FieldSink, HpackDecoder, MAX_LIST_SIZE } from "./hpack-decoder.js";
import { MemoryBudget } from "./memory-budget.js";

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const text = (bytes: Uint8Array, start: number, end: number) =>
  Buffer.from(bytes.subarray(start, end)).toString("latin1");

/** Collects fields as `name: value`, unknown ones as `?`. */
class Fields implements FieldSink {
  readonly list: string[] = [];

  field(...[names, nameStart, nameEnd, values, valueStart, valueEnd]: Parameters<FieldSink["field"]>): void {
    this.list.push(`${text(names, nameStart, nameEnd)}: ${text(values, valueStart, valueEnd)}`);
  }

  unknownField(): void {
    this.list.push("?");
  }
}

const newDecoder = (budgetBytes = 1e6) => new HpackDecoder(new MemoryBudget(budgetBytes));

/** The fields of a block; undefined if it is refused. */
function decode(decoder: HpackDecoder, block: string | Uint8Array): string[] | undefined {
  const bytes = typeof block === "string" ? bytesOf(block) : block;
  const fields = new Fields();
  return decoder.decode(bytes, 0, bytes.length, fields) ? fields.list : undefined;
}

/** A literal field with incremental indexing; a number names its name by index. */
function literal(name: string | number, value: string): Uint8Array {
  const string = (content: string) => [...integer(0, 0x7f, content.length), ...ascii(content)];
  const head = typeof name === "number" ? integer(0x40, 0x3f, name) : [0x40, ...string(name)];
  return Uint8Array.from([...head, ...string(value)]);
}

/** RFC 7541, section 5.1. */
function integer(first: number, mask: number, value: number): number[] {
  if (value < mask) return [first | value];
  const bytes = [first | mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

const REQUESTS = [
  [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"],
  [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache"],
  [":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com", "custom-key: custom-value"],
];
const RESPONSES = [
  [
    ":status: 302",
    "cache-control: private",
    "date: Mon, 21 Oct 2013 20:13:21 GMT",
    "location: https://www.example.com",
  ],
  [
    ":status: 307",
    "cache-control: private",
    "date: Mon, 21 Oct 2013 20:13:21 GMT",
    "location: https://www.example.com",
  ],
  [
    ":status: 200",
    "cache-control: private",
    "date: Mon, 21 Oct 2013 20:13:22 GMT",
    "location: https://www.example.com",
    "content-encoding: gzip",
    "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
  ],
];

describe("the examples of RFC 7541", () => {
  it.each([
    ["C.2.1", "400a637573746f6d2d6b65790d637573746f6d2d686561646572", ["custom-key: custom-header"]],
    ["C.2.2", "040c2f73616d706c652f70617468", [":path: /sample/path"]],
    ["C.2.3", "100870617373776f726406736563726574", ["password: secret"]],
    ["C.2.4", "82", [":method: GET"]],
  ])("%s: a field", (_, hex, fields) => {
    expect(decode(newDecoder(), hex)).toEqual(fields);
  });

  it("C.1.1 to C.1.3: integers, of a table's size and a string's length", () => {
    // 10 and 1337 in five bits are sizes; 42 in seven bits, for the eight of the example, is a length.
    const decoder = newDecoder();
    expect(decode(decoder, "2a 3f9a0a 82")).toEqual([":method: GET"]);
    expect(decode(decoder, Uint8Array.from([4, 0x2a, ...ascii("x".repeat(42))]))).toEqual([`:path: ${"x".repeat(42)}`]);
  });

  it("C.3: requests without Huffman coding", () => {
    const decoder = newDecoder();
    expect(decode(decoder, "828684410f7777772e6578616d706c652e636f6d")).toEqual(REQUESTS[0]);
    expect(decode(decoder, "828684be58086e6f2d6361636865")).toEqual(REQUESTS[1]);
    expect(decode(decoder, "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")).toEqual(REQUESTS[2]);
  });

  it("C.4: requests with Huffman coding", () => {
    const decoder = newDecoder();
    expect(decode(decoder, "828684418cf1e3c2e5f23a6ba0ab90f4ff")).toEqual(REQUESTS[0]);
    expect(decode(decoder, "828684be5886a8eb10649cbf")).toEqual(REQUESTS[1]);
    expect(decode(decoder, "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")).toEqual(REQUESTS[2]);
  });

  // The examples set the table to 256 octets by means outside of the blocks; here each series begins with the update to it.
  it("C.5: responses without Huffman coding, with eviction", () => {
    const decoder = newDecoder();
    const first =
      "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54" +
      "6e1768747470733a2f2f7777772e6578616d706c652e636f6d";
    expect(decode(decoder, `3fe101${first}`)).toEqual(RESPONSES[0]);
    expect(decode(decoder, "4803333037c1c0bf")).toEqual(RESPONSES[1]);
    const third =
      "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b" +
      "425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31";
    expect(decode(decoder, third)).toEqual(RESPONSES[2]);
    // Three entries are left (C.5.3): the next index has no entry.
    expect(decode(decoder, "bebfc0")).toEqual([
      RESPONSES[2]![5],
      "content-encoding: gzip",
      "date: Mon, 21 Oct 2013 20:13:22 GMT",
    ]);
    expect(decode(decoder, "c1")).toBeUndefined();
  });

  it("C.6: responses with Huffman coding, with eviction", () => {
    const decoder = newDecoder();
    const first =
      "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3";
    expect(decode(decoder, `3fe101${first}`)).toEqual(RESPONSES[0]);
    expect(decode(decoder, "4883640effc1c0bf")).toEqual(RESPONSES[1]);
    const third =
      "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af2708" +
      "7f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007";
    expect(decode(decoder, third)).toEqual(RESPONSES[2]);
    expect(decode(decoder, "c1")).toBeUndefined();
  });
});

describe("a broken block", () => {
  it.each([
    ["the index 0 (section 6.1)", "80"],
    ["an index beyond the tables", "be"],
    ["a name's index beyond the tables", "7e0178"],
    ["an integer that is broken off", "ff"],
    ["an integer beyond reason (section 5.1)", "ffffffffffffffffff7f"],
    ["an integer that continues with zeros", "ff80808080808080808000"],
    ["a string that is longer than the block", "0005616263"],
    ["a length beyond reason", "007fffffffff0f"],
    ["a value that is missing", "000161"],
    ["a string without a length", "04"],
    ["a size update after a field (section 4.2)", "8220"],
    ["a size update beyond what is allowed", "3fe21f"],
    // `0` is 00000; what follows has to be ones, and fewer than eight of them (section 5.2).
    ["padding that is not of ones", "048100"],
    ["padding of a byte", "048207ff"],
    ["padding alone of a byte", "0481ff"],
    ["EOS in a Huffman string", "0484ffffffff"],
  ])("has %s", (_, hex) => {
    expect(decode(newDecoder(), hex)).toBeUndefined();
  });

  it("is none where the update is what is allowed, and where padding is right", () => {
    expect(decode(newDecoder(), "3fe11f82")).toEqual([":method: GET"]);
    expect(decode(newDecoder(), "048107")).toEqual([":path: 0"]);
    expect(decode(newDecoder(), "0480")).toEqual([":path: "]);
  });
});

describe("a table", () => {
  it("keeps what its size allows, as a plain list does", () => {
    const names = fc.constantFrom("a", "name", "n".repeat(40), "long".repeat(100), "l".repeat(3000));
    const step = fc.oneof(
      fc.record({ insert: names, value: fc.nat(2000) }),
      fc.record({ reuse: fc.nat(200), value: fc.nat(2000) }),
      fc.record({ size: fc.nat(4096) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const decoder = newDecoder();
        let entries: [string, string][] = [];
        let maxSize = 4096;
        const evict = () => {
          let size = 0;
          const first = entries.findIndex(([name, value]) => (size += name.length + value.length + 32) > maxSize);
          if (first !== -1) entries = entries.slice(0, first);
        };
        for (const step of steps) {
          if ("size" in step) {
            maxSize = step.size;
            expect(decode(decoder, Uint8Array.from(integer(0x20, 0x1f, step.size)))).toEqual([]);
            evict();
            continue;
          }
          const value = String.fromCharCode(97 + (step.value % 26)).repeat(step.value);
          const index = "reuse" in step ? step.reuse % Math.max(1, entries.length) : 0;
          const isReused = "reuse" in step && entries.length > 0;
          const name = isReused ? entries[index]![0] : "insert" in step ? step.insert : "new";
          const block = literal(isReused ? 62 + index : name, value);
          expect(decode(decoder, block)).toEqual([`${name}: ${value}`]);
          entries.unshift([name, value]);
          evict();
          for (const [at, [entryName, entryValue]] of entries.entries()) {
            const indexed = Uint8Array.from(integer(0x80, 0x7f, 62 + at));
            expect(decode(decoder, indexed)).toEqual([`${entryName}: ${entryValue}`]);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("whose bytes were lost knows what was inserted later, by its index, and nothing else", () => {
    const decoder = newDecoder();
    decode(decoder, literal("old", "1"));
    decoder.forget();
    expect(decode(decoder, "be")).toEqual(["?"]);
    expect(decode(decoder, Uint8Array.from([...literal("new", "2"), 0xbe, 0xbf]))).toEqual(["new: 2", "new: 2", "?"]);
    // A value under a name that is not known, which is so later too, and what comes before it.
    expect(decode(decoder, literal(63, "3"))).toEqual(["?"]);
    expect(decode(decoder, Uint8Array.from([0xbe, 0xbf, ...literal(62, "4")]))).toEqual(["?", "new: 2", "?"]);
    expect(decode(decoder, "c0")).toEqual(["new: 2"]);
  });

  it("beyond what is kept is not known, rather than wrong", () => {
    const decoder = newDecoder();
    decoder.sizeLimit = Number.POSITIVE_INFINITY;
    expect(decode(decoder, Uint8Array.from(integer(0x20, 0x1f, 1_000_000)))).toEqual([]);
    for (const letter of ["a", "b", "c"]) decode(decoder, literal(letter, letter.repeat(30_000)));
    expect(decode(decoder, "be")).toEqual([`c: ${"c".repeat(30_000)}`]);
    expect(decode(decoder, "c0")).toEqual(["?"]);
  });

  it("for which there is no memory is not known, and gives back what it had", () => {
    const budget = new MemoryBudget(2000);
    const first = new HpackDecoder(budget);
    const second = new HpackDecoder(budget);
    decode(first, literal("a", "x".repeat(400)));
    expect(decode(first, "be")).toEqual([`a: ${"x".repeat(400)}`]);
    decode(second, literal("b", "y".repeat(400)));
    expect(decode(second, "be")).toEqual(["?"]);
    first.release();
    decode(second, literal("b", "y".repeat(400)));
    expect(decode(second, "be")).toEqual([`b: ${"y".repeat(400)}`]);
    second.release();
    expect(budget.take(2000)).toBe(true);
  });
});

describe("a small block that names much", () => {
  it("is a list of bounded size", () => {
    const decoder = newDecoder();
    decode(decoder, literal("a", "x".repeat(4000)));
    const fields = decode(decoder, new Uint8Array(20_000).fill(0xbe))!;
    const handed = fields.filter((field) => field !== "?");
    expect(handed).toHaveLength(Math.floor(MAX_LIST_SIZE / 4033));
    expect(fields).toHaveLength(20_000);
  });

  it("is refused where it copies a long name again and again", () => {
    const decoder = newDecoder();
    decode(decoder, literal("n".repeat(3900), "x"));
    const again = Uint8Array.from(Array.from({ length: 10_000 }, () => [...literal(62, "")]).flat());
    expect(decode(decoder, again)).toBeUndefined();
  });

  it("copies no name for literals without indexing (RFC 7541, section 6.2.2)", () => {
    const decoder = newDecoder();
    const name = "n".repeat(3900);
    decode(decoder, literal(name, "x"));
    const again = Uint8Array.from(Array.from({ length: 1000 }, () => [...integer(0, 0x0f, 62), 0]).flat());
    const set = vi.spyOn(Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array, "set");
    const fields = new Fields();
    const isSound = decoder.decode(again, 0, again.length, fields);
    const copied = set.mock.calls.reduce((sum, [bytes]) => sum + bytes.length, 0);
    set.mockRestore();
    expect(copied).toBe(0);
    expect(isSound).toBe(true);
    expect(fields.list.slice(0, 2)).toEqual([`${name}: `, `${name}: `]);
    // A Huffman string after a name of the table: `0` is 00000 (RFC 7541, appendix B).
    expect(decode(decoder, Uint8Array.from([...integer(0, 0x0f, 62), 0x81, 0x07]))).toEqual([`${name}: 0`]);
  });
});

it("takes any bytes without an error", () => {
  const decoder = newDecoder();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isLost) => {
      if (isLost) decoder.forget();
      decode(decoder, bytes);
    }),
    { numRuns: 2000 },
  );
});
