import { expect, test } from "vitest";
import { proxyHeaderLength } from "./proxy-header.js";

const SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

function lengthOf(text: string): number {
  const bytes = Uint8Array.from(`x${text}`, (character) => character.charCodeAt(0));
  return proxyHeaderLength(bytes, 1, bytes.length);
}

// Lines and longest length: section 2.1 of the specification.
test.each([
  ["PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n", 45],
  ["PROXY TCP6 2001:db8::1 2001:db8::2 51000 443\r\nGET / HTTP/1.1\r\n", 46],
  ["PROXY UNKNOWN\r\n", 15],
  [`PROXY UNKNOWN ${"f".repeat(91)}\r\n`, 107],
  [`PROXY UNKNOWN ${"f".repeat(92)}\r\n`, 0],
  ["PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r", 0],
  ["PROXY TCP4 192.0.2.1\n", 0],
  ["PROXY", 0],
  ["GET / HTTP/1.1\r\n", 0],
  ["", 0],
])("version 1: %j is a header of %i bytes", (text, length) => {
  expect(lengthOf(text)).toBe(length);
});

// Version and command, family, length: section 2.2.
test.each([
  ["\x21\x11\0\x0c192021980102", 28],
  ["\x21\x11\0\x0c192021980102GET /", 28],
  ["\x20\0\0\0", 16],
  ["\x21\x11\0\x0c19202198010", 0],
  ["\x11\x11\0\x0c192021980102", 0],
  ["\x21\x11\0", 0],
  ["\x21\x11\xff\xff", 0],
])("version 2: the signature and %j are a header of %i bytes", (text, length) => {
  expect(lengthOf(SIGNATURE + text)).toBe(length);
});
