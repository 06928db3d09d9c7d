/**
 * End of the length-delimited field at `start`, as written by an encoder: a one-byte tag, the content's length as a varint below 2^31, and
 * the content. Rows of a batch and the observation at the beginning of a row are such fields.
 */
export function fieldEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    length |= (byte & 127) << shift;
    if (byte < 128) return at + length;
  }
}

/** Start of the content of the length-delimited field at `start`; see {@link fieldEnd}. */
export function contentStart(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (bytes[at++]! > 127);
  return at;
}
