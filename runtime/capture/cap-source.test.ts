import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCap } from "./cap-source.js";
import { buildPcap } from "./testing/build-capture.js";
import { readPackets } from "./testing/read-packets.js";
import { reasonWithoutVeth, VethPair } from "./testing/veth-pair.js";

const reason = reasonWithoutVeth() || (isBuilt() ? "" : "needs the package cap");

function isBuilt(): boolean {
  try {
    createRequire(import.meta.url)("cap");
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(reason !== "")(`cap on a veth pair${reason === "" ? "" : ` (skipped: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "wireloom-cap-"));
  let pair: VethPair;
  beforeAll(() => {
    pair = new VethPair("cap");
  });
  afterAll(() => {
    pair.remove();
    rmSync(folder, { recursive: true });
  });

  test("packets that pass the filter are copied with their time of arrival", async () => {
    const frames = Array.from({ length: 2000 }, (_, i) => {
      const frame = Buffer.alloc(60 + (i % 50), i & 0xff);
      frame.writeUInt16BE(i % 2 === 0 ? 0x88b5 : 0x88b6, 12);
      return frame;
    });
    const path = join(folder, "sent.pcap");
    writeFileSync(path, buildPcap(frames.map((bytes) => ({ bytes }))));
    const source = await openCap({ interfaceName: pair.name, filter: "ether proto 0x88b5" });
    const before = BigInt(Date.now() - 1) * 1_000_000n;
    const replayed = pair.replay(path, "--pps=5000");
    const packets = await readPackets(source, (read) => read.length >= 1000);
    await replayed;
    expect(packets.map((packet) => packet.hex)).toEqual(
      frames.filter((_, i) => i % 2 === 0).map((frame) => frame.toString("hex")),
    );
    expect(packets.every(({ time }) => time >= before)).toBe(true);
    await source.close();
    expect(await source.read(new AbortController().signal)).toBeNull();
  });

  test("a missing interface and an invalid filter are refused", async () => {
    await expect(openCap({ interfaceName: "none0" })).rejects.toMatchObject({ code: "interface_not_found" });
    await expect(openCap({ interfaceName: pair.name, filter: "udp prot" })).rejects.toMatchObject({
      code: "invalid_filter",
    });
  });
});
