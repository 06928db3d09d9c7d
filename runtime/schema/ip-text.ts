import ipaddr from "ipaddr.js";

const MAPPED_PREFIX = 0xffffn;
/** The first IPv4-mapped address, `::ffff:0.0.0.0` (RFC 4291, section 2.5.5.2). */
const MAPPED_FIRST = MAPPED_PREFIX << 32n;
/** The last IPv4-mapped address, `::ffff:255.255.255.255`. */
const MAPPED_LAST = MAPPED_FIRST | 0xffffffffn;
/** Whether a 128-bit address stands for an IPv4 address. */
export function isIpv4(address: bigint): boolean {
  return address >> 32n === MAPPED_PREFIX;
}

/** A 128-bit address as text: IPv4 dotted, IPv6 as RFC 5952 writes it. */
export function formatIp(address: bigint): string {
  if (isIpv4(address)) {
    const low = Number(address & 0xffffffffn);
    return `${low >>> 24}.${(low >>> 16) & 255}.${(low >>> 8) & 255}.${low & 255}`;
  }
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((address >> shift) & 0xffffn));
  return compressGroups(groups);
}

/** RFC 5952, section 4.2: the longest run of two or more zero groups, the first of equals, becomes `::`. */
function compressGroups(groups: readonly number[]): string {
  let longestStart = -1;
  let longestLength = 1;
  for (let start = 0; start < 8; ) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > longestLength) {
      longestStart = start;
      longestLength = end - start;
    }
    start = end + 1;
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  if (longestStart < 0) return hex(0, 8);
  return `${hex(0, longestStart)}::${hex(longestStart + longestLength, 8)}`;
}

/** The 128-bit form of an IPv4 (four decimal parts) or IPv6 address; undefined for anything else. */
export function parseIp(text: string): bigint | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return MAPPED_FIRST | fromBytes(ipaddr.IPv4.parse(text).toByteArray());
  }
  if (text.includes("%") || !ipaddr.IPv6.isValid(text)) return undefined;
  return fromBytes(ipaddr.IPv6.parse(text).toByteArray());
}

/** A network: its addresses as pairs of first and last, inclusive, and its text without bits beyond the prefix. */
export interface Network {
  readonly ranges: readonly bigint[];
  /** Such as `10.0.0.0/8`. */
  readonly text: string;
  /** False where the address that was given has bits beyond the prefix: `10.0.0.1/8`. */
  readonly isExact: boolean;
}

/**
 * A network such as `10.0.0.0/8`; a lone address is a network of itself. `::ffff:10.0.0.0/104` is `10.0.0.0/8`, IPv4-mapped. A wider IPv6
 * network does not include IPv4 addresses, although their mapped forms lie inside `::/80` and wider ones. Undefined for text that is not
 * a network.
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const isDotted = isIpv4(address) && !text.includes(":");
  const width = isDotted ? 32 : 128;
  const lengthText = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(lengthText) || Number(lengthText) > width) return undefined;
  const prefixLength = BigInt(Number(lengthText) + (128 - width));
  const hostMask = (1n << (128n - prefixLength)) - 1n;
  const first = address & ~hostMask;
  const last = address | hostMask;
  // The last 96 bits of a mapped network belong to `::ffff:0:0/96`, which is all of IPv4.
  const length = isIpv4(first) && prefixLength >= 96n ? prefixLength - 96n : prefixLength;
  return { ranges: rangesOf(first, last), text: `${formatIp(first)}/${length}`, isExact: first === address };
}

function rangesOf(first: bigint, last: bigint): bigint[] {
  if (first >= MAPPED_FIRST || last < MAPPED_LAST) return [first, last];
  const below = [first, MAPPED_FIRST - 1n];
  return last === MAPPED_LAST ? below : [...below, MAPPED_LAST + 1n, last];
}

function fromBytes(bytes: readonly number[]): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
