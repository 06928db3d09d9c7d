const PAD_ONE = 0;
const JUMBO_PAYLOAD = 0xc2;

/**
 * Length in the jumbo payload option of the hop-by-hop header at `start` (RFC 2675, section 2): the number of bytes after the
 * IPv6 header. 0 without such an option. Other options may precede it; it begins 2 bytes after a multiple of 4:
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Next Header  |  Hdr Ext Len  |  Option 0xC2  |   Opt Len 4   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                      Jumbo Payload Length                     |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function jumboPayloadBytes(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return 0;
  const headerBytes = (bytes[start + 1]! + 1) << 3;
  const optionsEnd = headerBytes < end - start ? start + headerBytes : end;
  let at = start + 2;
  while (optionsEnd - at >= 2) {
    if (bytes[at] === PAD_ONE) {
      at++;
      continue;
    }
    const dataBytes = bytes[at + 1]!;
    if (bytes[at] === JUMBO_PAYLOAD && dataBytes === 4 && optionsEnd - at >= 6) {
      const lengthBytes =
        ((bytes[at + 2]! << 24) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!) >>> 0;
      return lengthBytes < headerBytes ? 0 : lengthBytes;
    }
    at += 2 + dataBytes;
  }
  return 0;
}
