import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Random } from "../record/testing/random.js";
import { openCaptureFile } from "./capture-file.js";
import { buildPcap, PcapngBuilder } from "./testing/build-capture.js";
import { readPackets } from "./testing/read-packets.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-capture-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: Uint8Array, name = "test.pcap"): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function readFile(content: Uint8Array, name?: string) {
  const source = await openCaptureFile(fileOf(content, name));
  const packets = await readPackets(source);
  await source.close();
  return { source, packets, hex: packets.map((packet) => packet.hex) };
}

/** A packet of `length` bytes that contains its number. */
function packetOf(number: number, length: number) {
  const bytes = Buffer.alloc(length, number & 0xff);
  return { bytes, seconds: 1_700_000_000 + number, fraction: number };
}

describe("opening", () => {
  test.each([
    ["an empty file", Buffer.alloc(0), "invalid_capture", /is empty/],
    ["a text", Buffer.from("GET / HTTP/1.1\r\n\r\n"), "invalid_capture", /is not a capture/],
    ["a file of three bytes", Buffer.from("abc"), "invalid_capture", /is not a capture/],
    ["a cut file header", buildPcap([]).subarray(0, 20), "truncated_capture", /cut inside its file header/],
    ["gzip that is none", Buffer.from("1f8b08ffffffffffffffffff", "hex"), "invalid_capture", /gzip/],
  ])("%s is refused with a reason", async (_, content, code, message) => {
    await expect(openCaptureFile(fileOf(content))).rejects.toMatchObject({
      name: "WireloomError",
      code,
      message: expect.stringMatching(message),
    });
  });

  test("a missing path and a directory are refused with a reason", async () => {
    await expect(openCaptureFile(join(folder, "none.pcap"))).rejects.toMatchObject({ code: "not_found" });
    await expect(openCaptureFile(folder)).rejects.toMatchObject({ code: "invalid_argument" });
  });

  test.skipIf(process.getuid?.() === 0)(
    "a file without permission is refused with a reason (skipped for root, who may)",
    async () => {
      const path = fileOf(buildPcap([]), "secret.pcap");
      chmodSync(path, 0);
      await expect(openCaptureFile(path)).rejects.toMatchObject({ code: "permission_denied" });
    },
  );
});

describe("reading", () => {
  test("packets that cross blocks, or are longer than one, arrive complete and in order", async () => {
    const packets = Array.from({ length: 3000 }, (_, i) => packetOf(i, i === 1500 ? 3_000_000 : (i * 7) % 1500));
    const { source, hex, packets: read } = await readFile(buildPcap(packets));
    expect(hex.length).toBe(packets.length);
    expect(hex.every((value, i) => value === packets[i]!.bytes.toString("hex"))).toBe(true);
    expect(read.map((packet) => packet.frameNumber)).toEqual(packets.map((_, i) => i + 1));
    expect(source.problem).toBeUndefined();
    expect(source.counters.packets).toBe(3000);
    expect(source.bytesRead).toBe(source.bytesTotal);
  });

  test("gzip is recognized by its content, and its members are one capture", async () => {
    const capture = buildPcap([packetOf(1, 60), packetOf(2, 70)]);
    const members = Buffer.concat([gzipSync(capture.subarray(0, 50)), gzipSync(capture.subarray(50))]);
    const { hex, source } = await readFile(members, "no-such-ending");
    expect(hex.map((value) => value.length / 2)).toEqual([60, 70]);
    expect(source.problem).toBeUndefined();
    expect(source.interfaces[0]!.name).toBe("no-such-ending");
  });

  test("a truncated gzip file returns the packets before its end", async () => {
    const packets = Array.from({ length: 500 }, (_, i) => ({
      bytes: Buffer.from(crypto.getRandomValues(new Uint8Array(100))),
      seconds: i,
    }));
    const whole = gzipSync(buildPcap(packets));
    const { hex, source } = await readFile(whole.subarray(0, whole.length / 2));
    expect(hex.length).toBeGreaterThan(200);
    expect(hex).toEqual(packets.slice(0, hex.length).map((packet) => packet.bytes.toString("hex")));
    expect(source.problem).toMatchObject({ code: "truncated_capture" });
  });

  test("a gzip file with a wrong check sum or length returns all of its packets, and a problem", async () => {
    const packets = Array.from({ length: 50 }, (_, i) => packetOf(i, 100));
    const whole = gzipSync(buildPcap(packets));
    // The trailer is CRC-32 and length (RFC 1952, section 2.3.1).
    for (const [place, word] of [
      [8, /check sum is wrong/],
      [4, /length in its gzip trailer is wrong/],
    ] as const) {
      const damaged = Buffer.from(whole);
      damaged[damaged.length - place]! ^= 1;
      const { hex, source } = await readFile(damaged);
      expect(hex.length).toBe(50);
      expect(source.problem).toMatchObject({ code: "invalid_capture", message: expect.stringMatching(word) });
    }
  });

  test("a gzip file with every optional part of a header, followed by zeros, is read", async () => {
    const capture = buildPcap([packetOf(1, 60)]);
    const plain = gzipSync(capture);
    // Flags: header check, extra field, name, comment.
    const header = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 0xaa, 0xbb]),
      Buffer.from("name\0comment\0\x12\x34", "latin1"),
    ]);
    const { hex, source } = await readFile(Buffer.concat([header, plain.subarray(10), Buffer.alloc(512)]));
    expect(hex.length).toBe(1);
    expect(source.problem).toBeUndefined();
  });

  test("trailing bytes that are not gzip data are reported, after the packets", async () => {
    const capture = buildPcap([packetOf(1, 60), packetOf(2, 70)]);
    const damaged = gzipSync(capture.subarray(110));
    damaged[0]! ^= 255;
    for (const after of [damaged, Buffer.from("junk"), Buffer.from("\0\0\0j"), Buffer.from("\x1f", "latin1")]) {
      const { hex, source } = await readFile(Buffer.concat([gzipSync(capture.subarray(0, 110)), after]));
      expect(hex.length).toBe(1);
      expect(source.problem).toMatchObject({ code: expect.stringMatching(/^(invalid|truncated)_capture$/) });
    }
  });

  test("many empty members of gzip do not block the reader", async () => {
    const path = fileOf(Buffer.concat([gzipSync(buildPcap([])), ...Array.from({ length: 2500 }, () => gzipSync(""))]));
    const source = await openCaptureFile(path);
    const { signal } = new AbortController();
    expect((await source.read(signal))?.count).toBe(0);
    expect(await source.read(AbortSignal.abort())).toBeNull();
    await source.close();
  });

  const capture = buildPcap([packetOf(1, 60)]);
  const programs: [string, string, string[], (packed: Buffer) => Buffer, RegExp | undefined][] = [
    [
      "bzip2 with something after it",
      "bzip2",
      ["-c"],
      (packed) => Buffer.concat([packed, Buffer.from("junk")]),
      /garbage/,
    ],
    ["lz4's legacy format", "lz4", ["-lc"], (packed) => packed, undefined],
    [
      "zstd after a skippable frame",
      "zstd",
      ["-c"],
      (packed) => Buffer.concat([Buffer.from("502a4d180400000001020304", "hex"), packed]),
      undefined,
    ],
    ["xz that needs much memory", "xz", ["-c", "--lzma2=dict=1GiB"], (packed) => packed, /needs more memory/],
  ];
  test.each(programs)("%s", async (_, program, args, change, problem) => {
    const packed = spawnSync(program, args, { input: capture });
    if (packed.error !== undefined) return;
    const path = fileOf(change(packed.stdout));
    const message = await openCaptureFile(path).then(
      async (source) => {
        expect(await readPackets(source)).toHaveLength(1);
        await source.close();
        return source.problem?.message;
      },
      (error: Error) => error.message,
    );
    if (problem === undefined) expect(message).toBeUndefined();
    else expect(message).toMatch(problem);
  });

  test("a damaged gzip file returns only leading packets of the original, and reports the problem", async () => {
    const packets = Array.from({ length: 400 }, (_, i) => packetOf(i, 40 + ((i * 37) % 90)));
    const whole = gzipSync(buildPcap(packets));
    const sent = packets.map(({ bytes }) => bytes.toString("hex"));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const damaged = Buffer.from(whole);
        // After the fixed header, so that it stays gzip; a name or comment flag is part of that.
        damaged[10 + (place % (damaged.length - 10))]! ^= change;
        const path = fileOf(damaged);
        const source = await openCaptureFile(path).catch((error: unknown) => error as Error);
        if (source instanceof Error) {
          expect(source).toMatchObject({ code: expect.stringMatching(/^(invalid|truncated)_capture$/) });
          return;
        }
        const hex = (await readPackets(source)).map((packet) => packet.hex);
        await source.close();
        // A change in the code of a symbol that does not occur, or in the padding of the last byte, decompresses to the same bytes.
        if (source.problem === undefined) expect(hex).toEqual(sent);
      }),
      { numRuns: 100, examples: [[18, 195]] },
    );
    expect((await readFile(whole)).hex).toEqual(sent);
  });

  test.each(
    ["gzip", "xz", "zstd", "bzip2", "lz4"].filter((program) => spawnSync(program, ["--version"]).error === undefined),
  )(
    "a truncated file of %s returns every packet that the program itself decompresses",
    async (program) => {
      // Bytes that do not compress, so half of the file contains about half of them.
      const random = new Random(7);
      const packets = Array.from({ length: 12_000 }, (_, i) => {
        const bytes = Buffer.alloc(1000);
        for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(random.uint32(), at);
        return { bytes, seconds: 1_700_000_000 + i, fraction: 0 };
      });
      const unpack = { maxBuffer: 32 * 1024 * 1024 };
      const whole = spawnSync(program, ["-c"], { input: buildPcap(packets), ...unpack }).stdout;
      const half = whole.subarray(0, whole.length / 2);
      const unpacked = spawnSync(program, ["-dc"], { input: half, ...unpack }).stdout.length;
      // A file header of 24 bytes, then 16 bytes and the packet (draft-ietf-opsawg-pcap, sections 4 and 5).
      const expected = Math.max(0, Math.floor((unpacked - 24) / 1016));
      expect(expected).toBeGreaterThan(1000);
      const { source, packets: read } = await readFile(half);
      expect(read).toHaveLength(expected);
      expect(source.problem?.message).toMatch(/is (cut|damaged) /);
      expect(source.problem?.message).not.toMatch(/stdin|an error/);
    },
    60_000,
  );

  test.skipIf(spawnSync("zstd", ["--version"]).status !== 0)(
    "with another content is refused, and its program ends",
    async () => {
      // More than a pipe holds: a program whose output is not read would wait for its reader.
      const compressed = spawnSync("zstd", ["-q", "-c"], { input: Buffer.alloc(5_000_000) }).stdout;
      await expect(readFile(compressed, "zeros.zst")).rejects.toMatchObject({ code: "invalid_capture" });
      const children = () => spawnSync("pgrep", ["-P", String(process.pid), "zstd"]).stdout.toString();
      await expect.poll(children).toBe("");
    },
  );

  test.each(["zstd", "xz", "bzip2", "lz4"])(
    "%s is recognised by its content and unpacked by the system's program",
    async (program) => {
      const packets = Array.from({ length: 3000 }, (_, i) => packetOf(i, 60 + (i % 900)));
      const capture = buildPcap(packets);
      const compress = (content: Uint8Array) => spawnSync(program, ["-cq"], { input: content, maxBuffer: 1 << 28 });
      const first = compress(capture.subarray(0, 5000));
      if (first.error !== undefined) {
        // Not installed: then the command reports that.
        const head = { zstd: "28b52ffd", xz: "fd377a585a00", bzip2: "425a6839", lz4: "04224d18" }[program]!;
        await expect(openCaptureFile(fileOf(Buffer.from(head.padEnd(60, "0"), "hex")))).rejects.toMatchObject({
          code: "missing_program",
        });
        return;
      }
      // Two streams in one file are one capture.
      const whole = Buffer.concat([first.stdout, compress(capture.subarray(5000)).stdout]);
      const { hex, source } = await readFile(whole, "no-such-ending");
      expect(hex).toEqual(packets.map(({ bytes }) => bytes.toString("hex")));
      expect(source.problem).toBeUndefined();
      expect(source.interfaces[0]!.name).toBe("no-such-ending");

      const cut = await readFile(whole.subarray(0, whole.length - 10));
      expect(cut.hex).toEqual(hex.slice(0, cut.hex.length));
      expect(cut.source.problem).toMatchObject({ message: expect.stringContaining(program) });
    },
  );

  test("an impossible length ends the capture after the packets before it", async () => {
    const capture = buildPcap([packetOf(1, 60), packetOf(2, 60)]);
    capture.writeUInt32LE(0x7fffffff, 24 + 76 + 8);
    const { hex, source } = await readFile(capture);
    expect(hex.length).toBe(1);
    expect(source.problem).toMatchObject({ code: "invalid_capture" });
    expect(source.problem?.message).toMatch(/test\.pcap is damaged: packet 2 at byte 100 claims 2147483647/);
  });

  test("every truncation of a capture returns its leading packets and reports the position", async () => {
    const packets = [packetOf(1, 0), packetOf(2, 33), packetOf(3, 80)];
    const whole = packets.map((packet) => packet.bytes.toString("hex"));
    const pcapng = new PcapngBuilder().section().interface(1);
    for (const { bytes, fraction } of packets) pcapng.enhancedPacket(0, 0, fraction, bytes);
    const captures = [buildPcap(packets), buildPcap(packets, { bigEndian: true }), pcapng.build()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...captures), fc.nat(), async (capture, at) => {
        const cut = 28 + (at % (capture.length - 28));
        const { hex, source } = await readFile(capture.subarray(0, cut));
        expect(hex).toEqual(whole.slice(0, hex.length));
        if (source.problem !== undefined) expect(source.problem).toMatchObject({ code: "truncated_capture" });
      }),
      { numRuns: 150 },
    );
  });

  test("arbitrary bytes after a valid header do not make it throw or hang", async () => {
    const headers = [
      buildPcap([]),
      buildPcap([], { bigEndian: true }),
      new PcapngBuilder().section().interface(1).build(),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...headers), fc.uint8Array({ maxLength: 300 }), async (header, rest) => {
        await readFile(Buffer.concat([header, rest]));
      }),
      { numRuns: 150 },
    );
  });

  test("an aborted read returns null", async () => {
    const source = await openCaptureFile(fileOf(buildPcap([packetOf(1, 60)])));
    expect(await source.read(AbortSignal.abort())).toBeNull();
    await source.close();
  });
});

test("a live pipe returns its packets as they arrive, and empty blocks in between", async () => {
  const path = join(folder, "pipe");
  expect((await once(spawn("mkfifo", [path]), "exit"))[0]).toBe(0);
  const capture = buildPcap([packetOf(1, 60), packetOf(2, 70)]);
  const writer = spawn("sh", ["-c", `exec cat > ${path}`], { stdio: ["pipe", "ignore", "inherit"] });
  writer.stdin.write(capture.subarray(0, 24 + 76 + 10));
  const source = await openCaptureFile(path);
  const { signal } = new AbortController();
  const counts: number[] = [];
  while (counts.length < 2) counts.push((await source.read(signal))!.count);
  expect(counts).toEqual([1, 0]);
  writer.stdin.end(capture.subarray(24 + 76 + 10));
  const rest = await readPackets(source);
  expect(rest.map((packet) => [packet.frameNumber, packet.hex.length / 2])).toEqual([[2, 70]]);
  expect(source.problem).toBeUndefined();
  await source.close();
});
