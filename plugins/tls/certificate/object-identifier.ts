/** Largest object identifier that is written out; known ones have less than half of these bytes. */
const MAX_BYTES = 64;

/**
 * The object identifier whose content is `bytes[at, end)` (X.690, section 8.19) in dotted form; the empty text for bytes that are not a valid one.
 */
export function objectIdentifier(bytes: Uint8Array, at: number, end: number): string {
  if (end === at || end - at > MAX_BYTES || bytes[end - 1]! >= 0x80) return "";
  const arcs: number[] = [];
  for (let value = 0; at < end; at++) {
    value = value * 128 + (bytes[at]! & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 128) return "";
    if (bytes[at]! >= 0x80) continue;
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(value / 40));
      arcs.push(root, value - root * 40);
    } else arcs.push(value);
    value = 0;
  }
  return arcs.join(".");
}
