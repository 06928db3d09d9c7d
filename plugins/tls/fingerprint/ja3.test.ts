import { expect, it } from "vitest";
import { HelloRecord } from "../../../generated/tls/hello-record.js";
import { nodeCryptography } from "../../../runtime/node/node-cryptography.js";
import { NumberList, provideCryptography } from "../../../runtime/plugin/index.js";
import { ja3, ja3s } from "./ja3.js";

provideCryptography(nodeCryptography);

const fill = (list: NumberList, values: string) => {
  for (const value of values.split("-")) if (value !== "") list.push(Number(value));
};

/** A record with the lists of a JA3 text as https://github.com/salesforce/ja3 writes it. */
function record(text: string) {
  const [version, suites, extensions, groups, formats] = text.split(",");
  const filled = new HelloRecord();
  fill(filled.offeredCipherSuites, suites!);
  fill(filled.clientExtensions, extensions!);
  fill(filled.offeredGroups, groups!);
  const pointFormats = new NumberList(16);
  fill(pointFormats, formats!);
  return { filled, pointFormats, version: Number(version) };
}

// The examples of https://github.com/salesforce/ja3, README.md.
it.each([
  ["769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0", "ada70206e40642a3e4461f35503241d5"],
  ["769,4-5-10-9-100-98-3-6-19-18-99,,,", "de350869b8c85de67a350c8d186f11e6"],
])("hashes %s", (text, expected) => {
  const { filled, pointFormats, version } = record(text);
  expect(ja3(filled, pointFormats, version)).toBe(expected);
});

it("ignores GREASE", () => {
  const plain = record("771,4865,0-10,29,0");
  const greased = record("771,2570-4865,6682-0-10-64250,14906-29,0");
  expect(ja3(greased.filled, greased.pointFormats, 771)).toBe(ja3(plain.filled, plain.pointFormats, 771));
});

it("is undefined if a list exceeds its bound", () => {
  const { filled, pointFormats } = record("771,4865,0,29,0");
  filled.clientExtensions.overflowed = true;
  expect(ja3(filled, pointFormats, 771)).toBeUndefined();
});

it("hashes a ServerHello", () => {
  const answer = new HelloRecord();
  answer.cipherSuite = 47;
  fill(answer.serverExtensions, "65281-0-11-35-5-16");
  // `printf 769,47,65281-0-11-35-5-16 | md5sum`
  expect(ja3s(answer, 769)).toBe("836ce314215654b5b1f85f97c73e506f");
});
