import { expect, test } from "vitest";
import { type ProxyHeader, readProxyHeader } from "./proxy-header.js";

const SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

function read(text: string): ProxyHeader | undefined {
  const bytes = Uint8Array.from(`x${text}`, (character) => character.charCodeAt(0));
  return readProxyHeader(bytes, 1, bytes.length);
}

function lengthOf(text: string): number {
  return read(text)?.lengthBytes ?? 0;
}

const IPV6_CLIENT = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

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

test.each([
  ["PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n", [192, 0, 2, 1], 51000],
  ["PROXY TCP6 2001:db8::1 2001:db8::2 0 443\r\n", IPV6_CLIENT, 0],
  [`${SIGNATURE}\x21\x11\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x02\xc7\x38\x01\xbb`, [192, 0, 2, 1], 51000],
  [
    `${SIGNATURE}\x21\x21\0\x24${String.fromCharCode(...IPV6_CLIENT, ...IPV6_CLIENT)}\xff\xff\0\x50`,
    IPV6_CLIENT,
    65535,
  ],
  // With a TLV after the addresses.
  [`${SIGNATURE}\x21\x11\0\x10\xc0\0\x02\x01\xc6\x33\x64\x02\xc7\x38\x01\xbb\x04\0\x01\0`, [192, 0, 2, 1], 51000],
])("%j names its client", (text, address, port) => {
  expect(read(text)!.client).toEqual({ address: Uint8Array.from(address), port });
});

test.each([
  "PROXY UNKNOWN\r\n",
  "PROXY UNKNOWN 192.0.2.1 198.51.100.2 51000 443\r\n",
  "PROXY TCP4 2001:db8::1 2001:db8::2 51000 443\r\n",
  "PROXY TCP6 192.0.2.1 198.51.100.2 51000 443\r\n",
  "PROXY TCP4 192.0.2 198.51.100.2 51000 443\r\n",
  "PROXY TCP4 192.0.2.1 198.51.100.2 65536 443\r\n",
  "PROXY TCP4 192.0.2.1 198.51.100.2 051000 443\r\n",
  "PROXY TCP4 192.0.2.1 198.51.100.2 51000\r\n",
  "PROXY TCP4 192.0.2.1 junk 51000 443\r\n",
  "PROXY TCP4 192.0.2.1 198.51.100.2 51000 junk\r\n",
  "PROXY TCP6 fe80::1%eth0 2001:db8::2 51000 443\r\n",
  "PROXY TCP4 192.0.2.1 198.51.100.2 51000 443 1\r\n",
  // LOCAL: the proxy's own connection. UDP, a Unix socket. Addresses that are truncated.
  `${SIGNATURE}\x20\x11\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x02\xc7\x38\x01\xbb`,
  `${SIGNATURE}\x21\x12\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x02\xc7\x38\x01\xbb`,
  `${SIGNATURE}\x21\x31\0\xd8${"/".repeat(216)}`,
  `${SIGNATURE}\x21\x11\0\x0b\xc0\0\x02\x01\xc6\x33\x64\x02\xc7\x38\x01`,
  `${SIGNATURE}\x21\x21\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x02\xc7\x38\x01\xbb`,
])("%j is a header without a client", (text) => {
  expect(read(text)).toEqual({ lengthBytes: text.length, client: undefined });
});
