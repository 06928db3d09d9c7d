/** True for a 16-bit code point that is reserved to be ignored (RFC 8701, section 2): 0x0a0a, 0x1a1a to 0xfafa. */
export function isGrease(code: number): boolean {
  return (code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff);
}
