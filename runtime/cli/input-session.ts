import { createHash, type Hash, randomBytes } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";

const BLOCKS = 64;
const BLOCK_BYTES = 64 * 1024;

/** Distinguishes the rows of one input from those of others. */
export interface InputSession {
  /** 16 bytes, for the collector. */
  readonly sessionId: Uint8Array;
  /** 30 bits, for row ids. */
  readonly rowSession: number;
  /** True if the same input has the same session in every run. */
  readonly isRepeatable: boolean;
}

/** A session for input that cannot be read again by another run. */
export function randomSession(): InputSession {
  return { ...sessionFrom(randomBytes(20)), isRepeatable: false };
}

/**
 * The session of capture files: the same whenever the same files are read under the same conditions, which are everything else that
 * affects rows. It is derived from each file's name without folders, its size, and blocks spread evenly over it. A random session if one of
 * the paths is not a regular file.
 */
export async function sessionOfFiles(conditions: object, paths: readonly string[]): Promise<InputSession> {
  const hash = createHash("sha256").update(JSON.stringify(conditions));
  for (const path of paths) {
    if (path === "-" || !(await addFile(hash, path))) return randomSession();
  }
  return { ...sessionFrom(hash.digest()), isRepeatable: true };
}

function sessionFrom(bytes: Buffer): Pick<InputSession, "sessionId" | "rowSession"> {
  return { sessionId: new Uint8Array(bytes.subarray(0, 16)), rowSession: bytes.readUInt32BE(16) & 0x3fffffff };
}

/** False if the path is not a regular file. A path that cannot be opened is treated as regular: its reader reports the reason. */
async function addFile(hash: Hash, path: string): Promise<boolean> {
  let handle: FileHandle;
  try {
    // A pipe must not be opened here: its content would be lost when it is closed again.
    if (!(await stat(path)).isFile()) return false;
    handle = await open(path, "r");
  } catch {
    return false;
  }
  try {
    const { size } = await handle.stat();
    hash.update(JSON.stringify([basename(path), size]));
    await addBlocks(hash, handle, size);
    return true;
  } finally {
    await handle.close();
  }
}

async function addBlocks(hash: Hash, handle: FileHandle, size: number): Promise<void> {
  const isWhole = size <= BLOCKS * BLOCK_BYTES;
  const count = isWhole ? Math.ceil(size / BLOCK_BYTES) : BLOCKS;
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let i = 0; i < count; i++) {
    const position = isWhole ? i * BLOCK_BYTES : Math.floor((i * (size - BLOCK_BYTES)) / (BLOCKS - 1));
    const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, position);
    hash.update(block.subarray(0, bytesRead));
  }
}
