import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { LinkType } from "../packet/link-type.js";
import { compileFilter } from "./bpf-filter.js";
import { BpfProgram } from "./bpf-program.js";
import { openCaptureFile } from "./capture-file.js";
import { filteredSource } from "./filtered-source.js";
import { runFilter } from "./run-filter.js";
import { buildPcap } from "./testing/build-capture.js";
import { readPackets } from "./testing/read-packets.js";

const isInstalled = spawnSync("tcpdump", ["--version"]).status === 0;

test("an invalid expression is refused with libpcap's message", () => {
  expect(() => compileFilter("udp prot 53", 1, 65535)).toThrow(
    expect.objectContaining({ code: "invalid_filter", message: expect.stringMatching(/"udp prot 53".*syntax error/) }),
  );
});

test("link types with other numbers in files than in libpcap, and link types unknown to it, have filters", () => {
  const udp = Buffer.from("4500001f00010000401100000a0000010a000002c0000035000b0000616263", "hex");
  const passes = (expression: string, linkType: number) =>
    runFilter(compileFilter(expression, linkType, 65535), udp, 0, udp.length, udp.length) !== 0;
  for (const raw of [LinkType.Raw, LinkType.RawBsd, LinkType.RawOpenBsd]) {
    expect([passes("udp port 53", raw), passes("udp port 54", raw)]).toEqual([true, false]);
  }
  expect(passes("", 9999)).toBe(true);
});

describe.skipIf(!isInstalled)(
  `a filter keeps what tcpdump keeps${isInstalled ? "" : " (skipped: needs tcpdump)"}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "wireloom-filter-"));
    const path = join(folder, "mixed.pcap");
    // Packets of every kind that the expressions below tell apart, then the same cut and changed. tcpdump shows no empty ones.
    const ethernet = "020000000002020000000001";
    const udp = "c0000035000c000001020304";
    const tcp = "c00100500000000100000001501272100000000001020304";
    const ipv4 = (protocol: string, fragment: string, rest: string) =>
      `4500${(20 + rest.length / 2).toString(16).padStart(4, "0")}0001${fragment}40${protocol}00000a0000010a000002${rest}`;
    const ipv6 = (next: string, rest: string) =>
      `60000000${(rest.length / 2).toString(16).padStart(4, "0")}${next}40${"20010db8000000000000000000000001"}${"20010db8000000000000000000000002"}${rest}`;
    const frames = [
      `0800${ipv4("11", "0000", udp)}`,
      `0800${ipv4("06", "0000", tcp)}`,
      `0800${ipv4("11", "2000", udp)}`,
      `0800${ipv4("11", "0002", udp)}`,
      `0800${ipv4("01", "0000", "0800000000000000")}`,
      `8100000508004500${ipv4("11", "0000", udp).slice(4)}`,
      `88a8000681000007${"86dd"}${ipv6("11", udp)}`,
      `86dd${ipv6("06", tcp)}`,
      `86dd${ipv6("3a", "8000000000000000")}`,
      "08060001080006040001020000000001 0a000001 000000000000 0a000002".replaceAll(" ", ""),
      "0026424203000000",
    ].map((rest) => Buffer.from(ethernet + rest, "hex"));
    const random = fc.sample(
      fc.tuple(
        fc.constantFrom(...frames),
        fc.integer({ min: 1, max: 70 }),
        fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }),
      ),
      { numRuns: 600, seed: 7 },
    );
    for (const [frame, length, changes] of random) {
      const changed = Buffer.from(frame);
      for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
      frames.push(changed.subarray(0, length));
    }
    writeFileSync(
      path,
      buildPcap(frames.map((bytes, i) => ({ bytes, seconds: i + 1, originalLength: bytes.length + (i % 3) * 40 }))),
    );
    afterAll(() => rmSync(folder, { recursive: true }));

    test.each([
      "ip",
      "udp port 53",
      "tcp[tcpflags] & (tcp-syn|tcp-ack) == (tcp-syn|tcp-ack)",
      "ip6 and (tcp or icmp6)",
      "vlan 5 or (vlan 6 and vlan 7)",
      "ip[6:2] & 0x1fff != 0",
      "ether[0] & 1 = 0 and not arp",
      "len > 80 or less 30",
      "host 10.0.0.2 and portrange 50-60",
      "net 2001:db8::/32",
      "udp[8:4] * 3 + 1 >= ip[12:4] / 7",
      "ip[8] << 2 > 100 and (ether[13] % 5 = 3 or ether[12] ^ 8 = 0)",
      "icmp[icmptype] = icmp-echo or ip6 protochain 58",
      "greater 64 and ip multicast",
    ])("%s", async (expression) => {
      const { stdout, stderr } = spawnSync("tcpdump", ["-tt", "-n", "-r", path, expression], { encoding: "utf8" });
      const expected = Array.from(stdout.matchAll(/^(\d+)\.000000 /gm), (match) => Number(match[1]));
      expect(stderr).not.toMatch(/error/);
      const source = filteredSource(await openCaptureFile(path), expression);
      const packets = await readPackets(source);
      // The second of each packet is its number in the file.
      expect(packets.map((packet) => packet.frameNumber)).toEqual(expected);
      expect(packets.map((packet) => Number(packet.time / 1_000_000_000n))).toEqual(expected);
      expect(source.counters.packets).toBe(expected.length);
      await source.close();
    });

    test("a filter that is not valid for a later link type is refused when that occurs", async () => {
      writeFileSync(join(folder, "raw.pcap"), buildPcap([], { linkType: 101 }));
      const source = await openCaptureFile(join(folder, "raw.pcap"));
      expect(() => filteredSource(source, "ether host 02:00:00:00:00:01")).toThrow(
        expect.objectContaining({ code: "invalid_filter" }),
      );
      await source.close();
    });
  },
);

test("no program makes the interpreter throw or loop", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 100 }), (code, frame) => {
      const instructions = code.subarray(0, code.length - (code.length % 8));
      const kept = runFilter(new BpfProgram("", 1, instructions), frame, 0, frame.length, frame.length);
      expect(kept).toBeGreaterThanOrEqual(0);
      expect(kept).toBeLessThan(2 ** 32);
    }),
    { numRuns: 2000 },
  );
});
