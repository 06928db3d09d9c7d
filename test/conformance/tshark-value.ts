import { parseDuration } from "../../runtime/schema/duration-text.js";
import type { Column } from "../../runtime/schema/event-table.js";
import { parseTimestamp } from "../../runtime/schema/timestamp-text.js";

/** How tshark's text of a field becomes comparable where its semantic type does not tell. */
const FIELD_FORMS: Readonly<Record<string, (text: string) => string | null>> = {
  // The byte as it is in the packet, which is a signed number.
  "ntp.precision": (text) => String((Number(text) << 24) >> 24),
  // Seconds in 16.16 bits.
  "ntp.rootdelay": fixedPointNanoseconds,
  "ntp.rootdispersion": fixedPointNanoseconds,
  "icmp.resptime": milliseconds,
  "icmpv6.resptime": milliseconds,
  "icmpv6.nd.ra.reachable_time": milliseconds,
  "icmpv6.nd.ra.retrans_timer": milliseconds,
  "icmpv6.mld.maximum_response_delay": milliseconds,
  "icmpv6.mld.maximum_response_code": milliseconds,
  // In units of eight bytes.
  "icmpv6.length": (text) => String(Number(text) * 8),
  "dhcpv6.elapsed_time": milliseconds,
  "dhcpv6.iaid": hexadecimal,
  "dhcpv6.iata": hexadecimal,
  // With the root's dot.
  "dhcpv6.client_domain": withoutFinalDot,
  "dhcpv6.search_list_entry": withoutFinalDot,
  "dhcpv6.userclass.opaque_data": (text) => Buffer.from(text, "hex").toString("latin1"),
  // A code (RFC 8781, section 4), of which two mean nothing.
  "icmpv6.opt.pref64.plc": (text) => ["96", "64", "56", "48", "40", "32"][Number(text)] ?? null,
  // Two's complement, in which a number with its top bit set has a zero byte before it.
  "x509af.serialNumber": (text) => text.replaceAll(":", "").replace(/^(00)+(?=.)/, ""),
  "quic.version": quicVersion,
  "x509af.algorithm.id": (text) => ALGORITHMS[text] ?? text,
};

/** OpenSSL's names of object identifiers. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.10": "rsassaPss",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.3.14.3.2.29": "sha1WithRSA",
  "1.3.101.112": "ED25519",
  "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
};

/** tshark's text of a value in the form that {@link ourValue} gives the same value; null where it stands for no value. */
export function tsharkValue(column: Column, field: string, text: string): string | null {
  const form = FIELD_FORMS[field];
  if (form !== undefined) return form(text);
  switch (column.type) {
    case "bool":
      return text === "1" || text === "True" ? "true" : "false";
    case "duration":
      return String(parseDuration(`${text}s`));
    case "timestamp":
      return text === "NULL" ? null : String(parseTime(text));
    case "bytes":
      return text.replaceAll(":", "");
    case "ip":
    case "mac":
    case "uuid":
    case "text":
      return text;
    default:
      // Decimal, or hexadecimal with 0x before it.
      return String(BigInt(text));
  }
}

/** A value of a row's JSON in comparable form; null for no value. Names of domains are written as tshark shows them. */
export function ourValue(column: Column, value: unknown): string | null {
  if (value === null) return null;
  switch (column.type) {
    case "duration":
      return String(parseDuration(String(value)));
    case "timestamp":
      return String(parseTimestamp(String(value)));
    case "enum":
      return String(column.enumValues.find(({ name }) => name === value)?.number ?? value);
    case "text":
      return asTsharkText(String(value));
    default:
      return String(value);
  }
}

/** Text with `\DDD` and `\x` escapes as tshark shows its bytes: UTF-8, C escapes for control characters, `<Root>` for the root. */
function asTsharkText(text: string): string {
  if (text === ".") return "<Root>";
  const bytes: number[] = [];
  for (const [, decimal, escaped, plain] of text.matchAll(/\\(\d{3})|\\(\D)|([^\\])/gu)) {
    bytes.push(...(decimal === undefined ? Buffer.from((escaped ?? plain)!) : [Number(decimal)]));
  }
  return Buffer.from(bytes)
    .toString("utf8")
    .replaceAll(
      /\p{Cc}/gu,
      (control) => C_ESCAPES[control] ?? `\\${control.charCodeAt(0).toString(8).padStart(3, "0")}`,
    );
}

const C_ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
};

/** tshark's `Nov 24, 2026 00:32:48.971333955 UTC` in nanoseconds. */
function parseTime(text: string): bigint | undefined {
  const match = /^(\w{3}) +(\d+), (\d{4}) ([\d:]{8}\.\d{9}) UTC$/.exec(text);
  if (match === null) throw new Error(`not a time as tshark writes it: ${text}`);
  const [, month, day, year, clock] = match;
  const monthNumber = "JanFebMarAprMayJunJulAugSepOctNovDec".indexOf(month!) / 3 + 1;
  return parseTimestamp(`${year}-${String(monthNumber).padStart(2, "0")}-${day!.padStart(2, "0")}T${clock}Z`);
}

function quicVersion(text: string): string {
  const draft = /^0xff0000(..)$/.exec(text);
  if (draft !== null) return `draft-${Number.parseInt(draft[1]!, 16)}`;
  return { "0x00000001": "1", "0x6b3343cf": "2" }[text] ?? text;
}

function fixedPointNanoseconds(text: string): string {
  return String((BigInt(text) * 1_000_000_000n) / 65536n);
}

function milliseconds(text: string): string {
  return String(parseDuration(`${text}ms`));
}

function hexadecimal(text: string): string {
  return String(Number.parseInt(text, 16));
}

function withoutFinalDot(text: string): string {
  return text.replace(/\.$/, "");
}
