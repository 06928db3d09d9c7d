import { closeSync, openSync, readSync } from "node:fs";

/** The first bytes of a file, at most `maxBytes`: a device may have no end. Throws the errors of `node:fs`. */
export function readStart(path: string, maxBytes: number): Uint8Array {
  const bytes = new Uint8Array(maxBytes);
  const file = openSync(path, "r");
  try {
    let length = 0;
    while (length < maxBytes) {
      const count = readSync(file, bytes, length, maxBytes - length, null);
      if (count === 0) break;
      length += count;
    }
    return bytes.slice(0, length);
  } finally {
    closeSync(file);
  }
}
