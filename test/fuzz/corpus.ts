import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { WireloomError } from "../../runtime/wireloom-error.js";

/** A captured frame to start from. */
export interface SeedFrame {
  readonly bytes: Uint8Array;
  readonly linkType: number;
  /** Number of the capture that it is from. */
  readonly capture: number;
}

/** What inputs are made of. */
export interface Corpus {
  /** Frames in the order of their captures, so that neighbours are of one conversation. */
  readonly frames: readonly SeedFrame[];
  /** Small capture files. */
  readonly files: readonly string[];
}

const MAX_FILE_FRAMES = 400;
const MAX_FRAME_BYTES = 2048;

/** Reads the frames of all capture files below some folders, the first few hundred of each. */
export async function readCorpus(folders: readonly string[]): Promise<Corpus> {
  const frames: SeedFrame[] = [];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.(pcap|pcapng|cap)(\.gz)?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of files) {
    try {
      await readFrames(file, files.indexOf(file), frames);
    } catch (error) {
      if (!(error instanceof WireloomError)) throw error;
    }
  }
  return { frames, files };
}

async function readFrames(file: string, capture: number, frames: SeedFrame[]): Promise<void> {
  const source = await openCaptureFile(file);
  const { signal } = new AbortController();
  try {
    let count = 0;
    for (
      let batch = await source.read(signal);
      batch !== null && count < MAX_FILE_FRAMES;
      batch = await source.read(signal)
    ) {
      for (let i = 0; i < batch.count && count < MAX_FILE_FRAMES; i++, count++) {
        const start = batch.offsets[i]!;
        const bytes = batch.bytes.slice(start, start + Math.min(batch.capturedLengths[i]!, MAX_FRAME_BYTES));
        frames.push({ bytes, linkType: source.interfaces[batch.interfaceIndexes[i]!]!.linkType, capture });
      }
    }
  } finally {
    await source.close();
  }
}
