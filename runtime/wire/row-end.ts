/** End of the row at `start` among rows that an encoder wrote: a one-byte tag, a varint of the row's length, and its bytes. */
export function rowEnd(rows: Uint8Array, start: number): number {
  let at = start + 1;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = rows[at++]!;
    length |= (byte & 127) << shift;
    if (byte < 128) return at + length;
  }
}
