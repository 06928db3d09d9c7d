import { describe, expect, it } from "vitest";
import { HelloRecord } from "../../../generated/tls/hello-record.js";
import { nodeCryptography } from "../../../runtime/node/node-cryptography.js";
import { provideCryptography } from "../../../runtime/plugin/index.js";
import { writeEscaped } from "../escaped-text.js";
import { hex } from "../testing/messages.js";
import { ja4 } from "./ja4.js";

provideCryptography(nodeCryptography);

// The example of https://github.com/FoxIO-LLC/ja4, technical_details/JA4.md.
const SUITES = "1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035";
const EXTENSIONS = "001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015";
const SIGNATURES = "0403,0804,0401,0503,0805,0501,0806,0601";

interface Hello {
  readonly suites?: string;
  readonly extensions?: string;
  readonly signatures?: string;
  readonly versions?: string;
  readonly protocol?: Uint8Array;
}

function record(hello: Hello = {}): HelloRecord {
  const filled = new HelloRecord();
  const { suites = SUITES, extensions = EXTENSIONS, signatures = SIGNATURES, versions = "0304,0303" } = hello;
  const fill = (list: HelloRecord["offeredVersions"], values: string) => {
    for (const value of values.split(",")) if (value !== "") list.push(Number.parseInt(value, 16));
  };
  fill(filled.offeredCipherSuites, suites);
  fill(filled.clientExtensions, extensions);
  fill(filled.signatureAlgorithms, signatures);
  fill(filled.offeredVersions, versions);
  const protocol = hello.protocol ?? Buffer.from("h2");
  writeEscaped(filled.offeredAlpn.arena, protocol, 0, protocol.length);
  filled.offeredAlpn.endItem();
  return filled;
}

const of = (hello?: Hello, version = 0x0303) => ja4(record(hello), version, "t");

it("is as in the specification's example", () => {
  expect(of()).toBe("t13d1516h2_8daaf6152771_e5627efa2ab1");
});

it("ends its last hash without signatures if there are none", () => {
  expect(of({ signatures: "" })).toBe("t13d1516h2_8daaf6152771_6d807ffa2a79");
});

it("ignores GREASE everywhere", () => {
  const greased = {
    suites: `0a0a,${SUITES}`,
    extensions: `1a1a,${EXTENSIONS},fafa`,
    signatures: `2a2a,${SIGNATURES}`,
    versions: "8a8a,0304",
  };
  expect(of(greased)).toBe(of());
});

it("has zeros for hashes of nothing", () => {
  expect(of({ suites: "", extensions: "0000,0010" })).toBe("t13d0002h2_000000000000_000000000000");
});

it("counts up to 99", () => {
  const suites = Array.from({ length: 120 }, (_, i) => (i + 1).toString(16)).join(",");
  expect(of({ suites })).toMatch(/^t13d9916h2_/);
});

it("has i without SNI", () => {
  expect(of({ extensions: "000a" })).toMatch(/^t13i1501h2_/);
});

describe("the version", () => {
  it.each([
    ["", 0x0303, "12"],
    ["", 0x0302, "11"],
    ["", 0x0301, "10"],
    ["", 0x0300, "s3"],
    ["", 0x0002, "s2"],
    ["", 0xfefd, "d2"],
    ["", 0xfeff, "d1"],
    ["fefc,fefd", 0xfefd, "d3"],
    ["0303,0302", 0x0304, "12"],
    ["7f1c,0304", 0x0303, "00"],
    ["", 0x1234, "00"],
  ])("of %s and %i is %s", (versions, version, expected) => {
    expect(of({ versions }, version)!.slice(1, 3)).toBe(expected);
  });
});

describe("the protocol", () => {
  // All but the first three are the specification's.
  it.each([
    ["68322f6100", "60"],
    ["68747470", "hp"],
    ["", "00"],
    ["ab", "ab"],
    ["abcd", "ad"],
    ["30ab", "3b"],
    ["3031abcd", "3d"],
    ["30abcd31", "01"],
    ["78", "xx"],
    // A backslash, which the text of a protocol has twice.
    ["5c", "5c"],
  ])("%s is %s", (protocol, expected) => {
    expect(of({ protocol: hex(protocol) })!.slice(8, 10)).toBe(expected);
  });

  it("may be absent", () => {
    const filled = record();
    filled.offeredAlpn.reset();
    expect(ja4(filled, 0x0303, "q")).toMatch(/^q13d151600_/);
  });
});

it("is undefined if a list exceeds its bound", () => {
  const filled = record();
  filled.offeredCipherSuites.overflowed = true;
  expect(ja4(filled, 0x0303, "t")).toBeUndefined();
});
