import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compareLayers } from "../../test/conformance/layers/compare-layers.js";
import { readLayers } from "../../test/conformance/layers/read-layers.js";
import { findReviewed } from "../../test/conformance/layers/reviewed-differences.js";
import { readTsharkFrames } from "../../test/conformance/layers/tshark-frame.js";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const ownCaptures = ["runtime/packet/captures", ...capturesOfPlugins()].flatMap((folder) =>
  capturesOf(join(repository, folder)),
);
const folder = process.env["WIRELOOM_CAPTURES"];
const reason = folder === undefined ? " (skipped: WIRELOOM_CAPTURES names no folder of captures)" : "";

describe("the project's captures are read as tshark reads them", () => {
  test.each(ownCaptures.map((path) => [path.slice(repository.length), path]))("%s", async (_, path) => {
    const { differences, compared } = await compareCapture(path);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });
});

test.skipIf(folder === undefined)(
  `every capture is read as tshark reads it${reason}`,
  { timeout: 1_200_000 },
  async () => {
    const differences: string[] = [];
    let compared = 0;
    for (const path of capturesOf(folder!)) {
      const capture = await compareCapture(path);
      differences.push(...capture.differences.map((difference) => `${path} ${difference}`));
      compared += capture.compared;
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  },
);

function capturesOfPlugins(): string[] {
  return readdirSync(join(repository, "plugins")).map((plugin) => `plugins/${plugin}/captures`);
}

function capturesOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(pcap|pcapng|cap)(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Compares each packet of a known link type; a capture that tshark cannot read is skipped. */
async function compareCapture(path: string): Promise<{ differences: string[]; compared: number }> {
  const frames = readTsharkFrames(path);
  const differences: string[] = [];
  let compared = 0;
  if (frames === undefined) return { differences, compared };
  const count = await readLayers(path, (packet, linkType, isKnown, index) => {
    const frame = frames[index];
    if (frame === undefined || !isKnown) return;
    compared++;
    const protocols = frame["frame.protocols"][0] ?? "";
    for (const difference of compareLayers(packet, linkType, frame)) {
      if (findReviewed(difference, protocols) !== undefined) continue;
      differences.push(`frame ${index + 1}: ${difference}, in ${protocols}`);
    }
  });
  if (count !== frames.length) differences.push(`${count} packets, tshark reads ${frames.length}`);
  return { differences, compared };
}
