import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { openCaptureFile } from "../../../runtime/capture/capture-file.js";
import { WireloomError } from "../../../runtime/wireloom-error.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { mutate, mutations } from "../mutation.js";

const MAX_FILE_BYTES = 8192;

/** Readers of pcap, pcapng and gzip: a changed file is read up to where it breaks, or refused. */
export const fileReadersTarget: FuzzTarget = {
  name: "file readers",
  share: 0.001,
  prepare({ files }) {
    const small = files.filter((file) => statSync(file).size <= MAX_FILE_BYTES).map((file) => readFileSync(file));
    const seeds = [...small, ...small.slice(0, 20).map((bytes) => gzipSync(bytes))];
    const path = join(mkdtempSync(join(tmpdir(), "wireloom-fuzz-")), "input.pcap");
    const place = fc.nat(seeds.length - 1);
    return fc.asyncProperty(
      fc.record({ seed: place, other: place, changes: mutations }),
      async ({ seed, other, changes }) => {
        writeFileSync(path, mutate(seeds[seed]!, changes, seeds[other]!));
        try {
          await readAll(path);
        } catch (error) {
          if (!(error instanceof WireloomError)) throw error;
        }
      },
    );
  },
};

async function readAll(path: string): Promise<void> {
  const source = await openCaptureFile(path);
  const { signal } = new AbortController();
  try {
    for (let block = await source.read(signal); block !== null; block = await source.read(signal)) {
      for (let i = 0; i < block.count; i++) {
        if (block.offsets[i]! + block.capturedLengths[i]! > block.bytes.length)
          throw new Error("a packet outside the buffer");
      }
    }
  } finally {
    await source.close();
  }
}
