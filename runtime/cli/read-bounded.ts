import { createReadStream } from "node:fs";
import { readFailure } from "../read-failure.js";

/**
 * The bytes of a file; `undefined` if it has more than `maxBytes`, as a device without an end has. Throws the errors of {@link readFailure}.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer | undefined> {
  try {
    // `end` is inclusive: one byte more than the maximum.
    const chunks: Buffer[] = await createReadStream(path, { end: maxBytes }).toArray();
    const bytes = Buffer.concat(chunks);
    return bytes.length > maxBytes ? undefined : bytes;
  } catch (error) {
    throw readFailure(path, error);
  }
}
