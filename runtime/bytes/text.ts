const utf8 = new TextEncoder();
const utf8Decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The bytes of a text in UTF-8; for ASCII, its characters. */
export function encodeText(text: string): Uint8Array {
  return utf8.encode(text);
}

/** The text of `bytes[start, end)` in UTF-8; U+FFFD replaces invalid bytes. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return utf8Decoder.decode(bytes.subarray(start, end));
}

/** A text with one character for each of `bytes[start, end)` (ISO 8859-1). */
export function latin1Text(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}
