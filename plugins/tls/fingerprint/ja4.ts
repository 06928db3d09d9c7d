import type { HelloRecord } from "../../../generated/tls/hello-record.js";
import { ExtensionType, Version } from "../../../generated/tls/parameters_enums.js";
import { type ByteList, cryptography, latin1Text, type NumberList } from "../../../runtime/plugin/index.js";
import { isGrease } from "./grease.js";
import { hasItem, itemsWithoutGrease } from "./list-items.js";

/** What carries the handshake, as JA4 writes it. */
export type Ja4Transport = "t" | "d" | "q";

/** Two characters for each version; other versions are `00`. */
const VERSIONS = new Map<number, string>([
  [Version.TLS1_3, "13"],
  [Version.TLS1_2, "12"],
  [Version.TLS1_1, "11"],
  [Version.TLS1_0, "10"],
  [Version.SSL3, "s3"],
  [Version.SSL2, "s2"],
  [Version.DTLS1_0, "d1"],
  [Version.DTLS1_2, "d2"],
  [Version.DTLS1_3, "d3"],
]);
const HASH_DIGITS = 12;
const NO_HASH = "0".repeat(HASH_DIGITS);

/**
 * JA4 of a ClientHello (https://github.com/FoxIO-LLC/ja4, technical_details/JA4.md); undefined if a list exceeds its bound.
 */
export function ja4(hello: HelloRecord, version: number, transport: Ja4Transport): string | undefined {
  const { offeredCipherSuites, clientExtensions, signatureAlgorithms } = hello;
  if (offeredCipherSuites.overflowed || clientExtensions.overflowed || signatureAlgorithms.overflowed) return undefined;
  const suites = itemsWithoutGrease(offeredCipherSuites);
  const extensions = itemsWithoutGrease(clientExtensions);
  const host = hasItem(clientExtensions, ExtensionType.SERVER_NAME) ? "d" : "i";
  const start = `${transport}${versionOf(version, hello.offeredVersions)}${host}${twoDigits(suites)}${twoDigits(extensions)}${alpnOf(hello.offeredAlpn)}`;
  const hashed = extensions.filter(
    (type) => type !== ExtensionType.SERVER_NAME && type !== ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION,
  );
  const signatures = inHexadecimal(itemsWithoutGrease(signatureAlgorithms));
  const suffix = signatures === "" ? "" : `_${signatures}`;
  const suiteHash = suites.length === 0 ? NO_HASH : hash(inHexadecimal(sorted(suites)));
  const extensionHash = hashed.length === 0 ? NO_HASH : hash(inHexadecimal(sorted(hashed)) + suffix);
  return `${start}_${suiteHash}_${extensionHash}`;
}

/** The highest version offered, `clientVersion` without a list. DTLS counts down from 1.0, 0xfeff, and TLS up. */
function versionOf(clientVersion: number, { values, length }: NumberList): string {
  let highest = length === 0 ? clientVersion : 0;
  for (let i = 0; i < length; i++) {
    const version = values[i]!;
    if (isGrease(version)) continue;
    const isHigher = highest >> 8 === 0xfe ? version < highest : version > highest;
    if (highest === 0 || isHigher) highest = version;
  }
  return VERSIONS.get(highest) ?? "00";
}

function twoDigits(items: readonly number[]): string {
  return String(Math.min(items.length, 99)).padStart(2, "0");
}

/** First and last character of the first protocol, or hexadecimal digits of its bytes where one of the two is not a letter or digit. */
function alpnOf({ arena, ends, length }: ByteList): string {
  const end = length === 0 ? 0 : ends[0]!;
  if (end === 0) return "00";
  const protocol = unescaped(latin1Text(arena.bytes, 0, end));
  const edges = protocol.charAt(0) + protocol.charAt(protocol.length - 1);
  if (/^[0-9A-Za-z]{2}$/.test(edges)) return edges;
  return (protocol.charCodeAt(0) >> 4).toString(16) + (protocol.charCodeAt(protocol.length - 1) & 15).toString(16);
}

/** The bytes, as characters, of a text that `writeEscaped` wrote. */
function unescaped(text: string): string {
  return text.replace(/\\(\d{3}|\\)/g, (_, code: string) => (code === "\\" ? code : String.fromCharCode(Number(code))));
}

function sorted(items: readonly number[]): number[] {
  return items.toSorted((a, b) => a - b);
}

function inHexadecimal(items: readonly number[]): string {
  return items.map((item) => item.toString(16).padStart(4, "0")).join(",");
}

function hash(text: string): string {
  return cryptography().hexDigest("sha256", text).slice(0, HASH_DIGITS);
}
