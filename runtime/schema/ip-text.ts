import ipaddr from "ipaddr.js";

const IPV4_PREFIX = 0xffffn;
/** Where IPv4 addresses are among 128-bit values: in place of the IPv4-mapped ones (RFC 4291, section 2.5.5.2). */
const IPV4_FIRST = IPV4_PREFIX << 32n;
const IPV4_LAST = IPV4_FIRST | 0xffffffffn;
const MAPPED_PREFIX = (1n << 96n) - 1n;
/**
 * Values of IPv4-mapped IPv6 addresses (`::ffff:0:0/96`), which are stored with 96 leading one bits. Addresses that have these bits themselves,
 * which no host can have, cannot be distinguished from them.
 */
const MAPPED_FIRST = MAPPED_PREFIX << 32n;

/** Whether a 128-bit value stands for an IPv4 address. */
export function isIpv4(value: bigint): boolean {
  return value >> 32n === IPV4_PREFIX;
}

/** The IPv6 address of a value that is not IPv4. */
export function ipv6Address(value: bigint): bigint {
  return value >> 32n === MAPPED_PREFIX ? IPV4_FIRST | (value & 0xffffffffn) : value;
}

/** A 128-bit value as text: IPv4 dotted, IPv6 as RFC 5952 writes it. */
export function formatIp(value: bigint): string {
  if (isIpv4(value)) return formatDotted(value);
  if (value >> 32n === MAPPED_PREFIX) return `::ffff:${formatDotted(value)}`;
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  return compressGroups(groups);
}

function formatDotted(value: bigint): string {
  const low = Number(value & 0xffffffffn);
  return `${low >>> 24}.${(low >>> 16) & 255}.${(low >>> 8) & 255}.${low & 255}`;
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

/** The 128-bit value of an IPv4 (four decimal parts) or IPv6 address; undefined for anything else. */
export function parseIp(text: string): bigint | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return IPV4_FIRST | fromBytes(ipaddr.IPv4.parse(text).toByteArray());
  if (text.includes("%") || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipv6Value(fromBytes(ipaddr.IPv6.parse(text).toByteArray()));
}

/** The value of an IPv6 address: the opposite of {@link ipv6Address}. */
function ipv6Value(address: bigint): bigint {
  return isIpv4(address) ? MAPPED_FIRST | (address & 0xffffffffn) : address;
}

/** A network: its addresses as pairs of first and last value, inclusive, and its text without bits beyond the prefix. */
export interface Network {
  readonly ranges: readonly bigint[];
  /** Such as `10.0.0.0/8`. */
  readonly text: string;
  /** False if the given address has bits beyond the prefix: `10.0.0.1/8`. */
  readonly isExact: boolean;
}

/**
 * A network such as `10.0.0.0/8`; a lone address is a network of itself. One of IPv6 does not include IPv4 addresses: `::ffff:10.0.0.0/104`
 * is of IPv4-mapped IPv6 addresses. Undefined for text that is not a network.
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const value = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (value === undefined) return undefined;
  const isDotted = isIpv4(value);
  const address = isDotted ? value : ipv6Address(value);
  const width = isDotted ? 32 : 128;
  const lengthText = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(lengthText) || Number(lengthText) > width) return undefined;
  const hostMask = (1n << BigInt(width - Number(lengthText))) - 1n;
  const first = address & ~hostMask;
  const last = address | hostMask;
  return {
    ranges: isDotted ? [first, last] : ipv6Ranges(first, last),
    text: `${formatIp(isDotted ? first : ipv6Value(first))}/${Number(lengthText)}`,
    isExact: first === address,
  };
}

/** The values of the IPv6 addresses from `first` to `last`. */
function ipv6Ranges(first: bigint, last: bigint): bigint[] {
  const ranges = [
    ...overlap(first, last, 0n, IPV4_FIRST - 1n),
    ...overlap(first, last, IPV4_LAST + 1n, MAPPED_FIRST - 1n),
  ];
  return [...ranges, ...overlap(first, last, IPV4_FIRST, IPV4_LAST).map(ipv6Value)];
}

/** The intersection of `[first, last]` and `[from, to]` as a pair; empty if they do not overlap. */
function overlap(first: bigint, last: bigint, from: bigint, to: bigint): bigint[] {
  const start = first > from ? first : from;
  const end = last < to ? last : to;
  return start <= end ? [start, end] : [];
}

function fromBytes(bytes: readonly number[]): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
