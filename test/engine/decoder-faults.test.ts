import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { NtpRecord } from "../../generated/ntp/record.js";
import { registry } from "../../generated/registry.js";
import { type DecoderFault, describeDecoderFault } from "../../runtime/engine/decoder-fault.js";
import { StreamVerdict } from "../../runtime/plugin/hooks.js";
import type { Plugin } from "../../runtime/plugin/plugin.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { Verdict } from "../../runtime/plugin/verdict.js";
import { FAILING_HOOKS, type FailingHook, failingPlugin, throwMistake } from "./failing-plugin.js";

const dns = findPlugin(registry.plugins, "dns");
const flow = findPlugin(registry.plugins, "flow");
const ntp = findPlugin(registry.plugins, "ntp");
const QUERY = Buffer.from("0001010000010000000000000000020001", "hex");
/** A client's packet of RFC 5905, version 4. */
const NTP_PACKET = Buffer.from("23".padEnd(96, "0"), "hex");

/** Traffic that calls every hook of a plugin on port 9: datagrams, streams with a gap and an end, other ports, and DNS beside it. */
function feed(bench: DecoderBench): void {
  bench.udp(QUERY, { srcPort: 40000, dstPort: 53 });
  bench.udp(new Uint8Array(4), { srcPort: 40000, dstPort: 9 });
  bench.udp(new Uint8Array(4), { srcPort: 40001, dstPort: 4001 });
  bench.ip(new Uint8Array(4), { srcAddress: "192.0.2.1", dstAddress: "192.0.2.2", ipProtocol: 253 });
  for (const serverPort of [9, 4001]) {
    const connection = new TcpConversation(bench, { serverPort });
    connection.open();
    connection.client("bytes");
    connection.clientSegment("later", { offset: 100 });
    connection.close({ atSeconds: 30 });
  }
  bench.udp(QUERY, { srcPort: 40002, dstPort: 53, atSeconds: 31 });
}

/** Rows of the other plugins next to `plugin`, and the reported faults. */
function run(plugin: Plugin) {
  const faults: DecoderFault[] = [];
  const bench = DecoderBench.configured({ onDecoderFault: (fault) => faults.push(fault) }, plugin, dns, flow);
  feed(bench);
  bench.endInput();
  // A flow names the protocol of its plugin, which is not the failing one's where that accepts nothing.
  const flows = bench.rows("flow").map((row) => ({ ...row, application: undefined }));
  return { rows: [bench.rows("dns"), flows], faults, counters: bench.counters("failing") };
}

/** Line of `failing-plugin.ts` that throws. */
const THROWING_LINE =
  readFileSync(new URL("failing-plugin.ts", import.meta.url), "utf8")
    .split("\n")
    .findIndex((line) => line.includes("throw new TypeError")) + 1;

describe.each(FAILING_HOOKS)("a plugin whose %s throws", (hook) => {
  it("is counted and named with its place, and the other plugins have the rows that they have without it", () => {
    const { rows, faults, counters } = run(failingPlugin(hook, throwMistake));
    const withoutIt = run(failingPlugin("decodeDatagram", () => Verdict.NotMine));
    expect(withoutIt.counters.decoderErrors).toBe(0);
    expect(rows[0]).toHaveLength(2);
    expect(rows).toEqual(withoutIt.rows);
    expect(counters.decoderErrors).toBeGreaterThan(0);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({
      resource: "failing",
      hook,
      place: `test/engine/failing-plugin.ts:${THROWING_LINE}`,
      message: "cannot read properties of undefined",
      isSwitchedOff: false,
    });
    expect(faults[0]!.frameNumber).toBeGreaterThan(0);
  });
});

describe("a hook that returns", () => {
  it.each<[FailingHook, unknown]>([
    ...([undefined, 7, 4, -1, null, Number.NaN, "Accepted"] as const).flatMap((value): [FailingHook, unknown][] => [
      ["decodeDatagram", value],
      ["decodeFrame", value],
    ]),
    ...([undefined, -5, Number.NaN, 1.5, Number.POSITIVE_INFINITY, "3"] as const).map(
      (value): [FailingHook, unknown] => ["decode", value],
    ),
    ["gap", 7],
    ["gap", Number.NaN],
    ["gap", StreamVerdict.HandOver],
    ["createStreamDecoder", undefined],
    ["createStreamDecoder", { decode: () => 0 }],
  ])("%s: %s is an error of the decoder", (hook, value) => {
    const { faults, counters } = run(failingPlugin(hook, () => value));
    expect(counters.decoderErrors).toBeGreaterThan(0);
    expect(faults[0]).toMatchObject({ hook, place: undefined });
    expect(faults[0]!.message).toMatch(new RegExp(`^${hook} returned .*, which is not `));
  });
});

describe("a factory of packet observers", () => {
  const withFactory = (createPacketObserver: () => unknown): Plugin => ({
    ...failingPlugin("decodeDatagram", () => Verdict.NotMine),
    // What the factory returns is to be wrong here.
    createPacketObserver: createPacketObserver as NonNullable<Plugin["createPacketObserver"]>,
  });

  it.each([undefined, null, 7, {}, { observe: () => undefined }, { observe: 1, endConversation: 2 }])(
    "that returns %s switches its plugin off, and the others continue",
    (value) => {
      const { rows, faults } = run(withFactory(() => value));
      expect(rows).toEqual(run(failingPlugin("decodeDatagram", () => Verdict.NotMine)).rows);
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatchObject({ hook: "createPacketObserver", isSwitchedOff: true, count: 1 });
      expect(faults[0]!.message).toMatch(
        /^createPacketObserver returned .*, which is not an observer with observe and endConversation$/,
      );
    },
  );

  it("that throws switches its plugin off, and the others continue", () => {
    const { rows, faults } = run(withFactory(throwMistake));
    expect(rows).toEqual(run(failingPlugin("decodeDatagram", () => Verdict.NotMine)).rows);
    expect(faults).toMatchObject([{ hook: "createPacketObserver", isSwitchedOff: true, count: 1 }]);
  });
});

/** NTP, whose decoder throws for the packets that `isBad` selects, after it filled its record. */
function ntpFailing(isBad: (frame: number) => boolean): Plugin {
  return {
    ...ntp,
    decodeDatagram: (datagram, out) => {
      if (!isBad(datagram.frameNumber)) return ntp.decodeDatagram!(datagram, out);
      // The record of the plugin's own codec.
      (out.record as NtpRecord).stratum = 99;
      return throwMistake();
    },
  };
}

describe("a decoder that throws now and then", () => {
  const feedNtp = (plugin: Plugin, packets: number) => {
    const faults: DecoderFault[] = [];
    const bench = DecoderBench.configured({ onDecoderFault: (fault) => faults.push(fault) }, plugin, flow);
    for (let i = 0; i < packets; i++) bench.udp(NTP_PACKET, { srcPort: 40000 + (i % 8), dstPort: 123 });
    bench.endInput();
    return { faults, counters: bench.counters("ntp"), rows: bench.rows("ntp"), flows: bench.rows("flow") };
  };

  it("leaves nothing of the record that it had begun", () => {
    const { rows, counters } = feedNtp(
      ntpFailing((frame) => frame % 2 === 1),
      6,
    );
    expect(rows.map(({ frame_number, stratum }) => [frame_number, stratum])).toEqual([
      [2, 0],
      [4, 0],
      [6, 0],
    ]);
    expect(counters).toMatchObject({ accepted: 3, decoderErrors: 3, rows: 3 });
  });

  it("is switched off after a hundred errors when they are many, and its packets are counted", () => {
    const { faults, counters, flows } = feedNtp(
      ntpFailing(() => true),
      250,
    );
    expect(counters).toMatchObject({ accepted: 0, decoderErrors: 100, skippedPackets: 150 });
    expect(faults.map(({ isSwitchedOff, count }) => [isSwitchedOff, count])).toEqual([
      [false, 1],
      [true, 100],
    ]);
    const packets = flows.map(({ src_packets }) => src_packets as number).reduce((sum, count) => sum + count);
    expect(packets).toBe(250);
  });

  it("continues when they are one in a hundred and fifty", () => {
    const { counters } = feedNtp(
      ntpFailing((frame) => frame % 150 === 0),
      30_000,
    );
    expect(counters).toMatchObject({ accepted: 29_800, decoderErrors: 200, skippedPackets: 0 });
  });

  it("is reported once for each place", () => {
    const { faults } = feedNtp(
      ntpFailing((frame) => frame % 10 === 0),
      50,
    );
    expect(faults).toHaveLength(1);
  });
});

it("an error of a decoder fails the test that does not ask for it", () => {
  const bench = new DecoderBench(failingPlugin("decodeDatagram", throwMistake));
  expect(() => bench.udp(new Uint8Array(1), { srcPort: 1, dstPort: 9 })).toThrow("cannot read properties of undefined");
});

describe("a stream decoder that is switched off", () => {
  it("gives up the connections that it has, and those to come", () => {
    let calls = 0;
    // Without the observer, whose calls count too.
    const { createPacketObserver: _, ...plugin } = failingPlugin("decode", () => {
      calls++;
      return throwMistake();
    });
    const bench = DecoderBench.configured({ onDecoderFault: () => undefined }, plugin);
    for (let i = 0; i < 120; i++) {
      const connection = new TcpConversation(bench, { serverPort: 9, clientPort: 20000 + i });
      connection.open();
      connection.client("bytes");
      connection.client("bytes");
    }
    bench.endInput();
    expect(calls).toBe(100);
    expect(bench.counters()).toMatchObject({ decoderErrors: 100, skippedPackets: 20 });
  });
});

describe("what people read", () => {
  const fault: DecoderFault = {
    resource: "dns",
    hook: "decodeDatagram",
    place: "plugins/dns/decoder.ts:120",
    frameNumber: 17,
    message: "message",
    error: undefined,
    count: 1,
    isSwitchedOff: false,
  };

  it("names plugin, place, frame and reason in one line", () => {
    expect(describeDecoderFault(fault)).toBe(
      "the dns decoder failed at plugins/dns/decoder.ts:120 in frame 17: message; its packets are counted and left out",
    );
    expect(describeDecoderFault({ ...fault, count: 100, isSwitchedOff: true })).toBe(
      "the dns decoder failed 100 times, the last time at plugins/dns/decoder.ts:120 in frame 17: message; " +
        "it is switched off, and packets are decoded without it",
    );
  });

  it("does not contain control characters of the thrown value", () => {
    const { faults } = run(
      failingPlugin("decodeDatagram", () => {
        throw new Error("\u001b[31mred\u0000\nsecond line");
      }),
    );
    expect(faults[0]!.message).toBe("?[31mred?");
  });

  it.each([["a text"], [undefined], [null], [Symbol("x")], [Object.create(null)]])("reports a thrown %s", (thrown) => {
    const { faults } = run(
      failingPlugin("decodeDatagram", () => {
        throw thrown;
      }),
    );
    expect(faults).toHaveLength(1);
  });
});
