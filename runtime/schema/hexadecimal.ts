/** A 48-bit MAC address as `aa:bb:cc:dd:ee:ff`. */
export function formatMac(address: bigint): string {
  const digits = address.toString(16).padStart(12, "0");
  return digits.replace(/(..)(?!$)/g, "$1:");
}

/** The 48-bit form of a MAC address whose bytes are separated by `:` or `-`; undefined for anything else. */
export function parseMac(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/.test(text)) return undefined;
  return BigInt(`0x${text.replaceAll(/[:-]/g, "")}`);
}

/** A 128-bit number as a UUID (RFC 9562). */
export function formatUuid(value: bigint): string {
  const digits = value.toString(16).padStart(32, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** A UUID in lower case; undefined for text that is none. */
export function parseUuid(text: string): string | undefined {
  if (!/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text)) return undefined;
  return text.toLowerCase();
}
