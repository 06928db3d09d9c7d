import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DnsRecord } from "../../generated/dns/record.js";
import type { NtpRecord } from "../../generated/ntp/record.js";
import { registry } from "../../generated/registry.js";
import type { DecoderFault } from "../../runtime/engine/decoder-fault.js";
import type { Plugin } from "../../runtime/plugin/plugin.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { Verdict } from "../../runtime/plugin/verdict.js";
import { FAILING_HOOKS, type FailingOutput, failingPlugin } from "./failing-plugin.js";

const dns = findPlugin(registry.plugins, "dns");
const ntp = findPlugin(registry.plugins, "ntp");
const QUERY = Buffer.from("0001010000010000000000000000020001", "hex");

/** What a plugin in plain JavaScript may do to its output, and no types keep it from. */
const DAMAGES: readonly (readonly [string, (out: { record: Record<string, unknown> }) => void])[] = [
  ["puts a text in the place of bytes", ({ record }) => (record["referenceId"] = "GPS")],
  ["puts an empty text in the place of bytes", ({ record }) => (record["referenceId"] = "")],
  ["puts an object in the place of bytes", ({ record }) => (record["referenceId"] = { length: 3, bytes: [1, 2, 3] })],
  ["puts an endless object in the place of bytes", ({ record }) => (record["referenceId"] = { length: Number.NaN })],
  ["puts a number in the place of a time", ({ record }) => (record["originTime"] = 1767225600)],
  ["puts null in the place of the observation", ({ record }) => (record["observation"] = null)],
  ["deletes a time", ({ record }) => delete record["receiveTime"]],
  ["puts its own member in the place of a method", ({ record }) => (record["reset"] = "now")],
  ["makes a member that cannot be changed", ({ record }) => Object.defineProperty(record, "reset", { value: 1 })],
  ["freezes the record", ({ record }) => Object.freeze(record)],
  ["puts another object in the place of the record", (out) => (out.record = { stratum: 1 })],
];

/** Emits by an output of either kind. */
function emit(out: FailingOutput): void {
  if ("emit" in out) out.emit();
  else out.emitObserved();
}

/** Calls every hook of a plugin on port 9, and has DNS beside it. */
function feed(bench: DecoderBench): void {
  bench.udp(QUERY, { srcPort: 40000, dstPort: 53 });
  bench.udp(new Uint8Array(4), { srcPort: 40000, dstPort: 9 });
  bench.ip(new Uint8Array(4), { srcAddress: "192.0.2.1", dstAddress: "192.0.2.2", ipProtocol: 253 });
  const connection = new TcpConversation(bench, { serverPort: 9 });
  connection.open();
  connection.client("bytes");
  connection.clientSegment("later", { offset: 100 });
  connection.close({ atSeconds: 30 });
  bench.udp(QUERY, { srcPort: 40002, dstPort: 53, atSeconds: 31 });
  bench.endInput();
}

describe.each(FAILING_HOOKS.filter((hook) => hook !== "probe"))("a plugin that in %s", (hook) => {
  it.each(DAMAGES)("%s is counted, and the others have their rows", (_, damage) => {
    const faults: DecoderFault[] = [];
    const plugin = failingPlugin(hook, (out) => {
      damage(out as unknown as { record: Record<string, unknown> });
      emit(out);
      return hook === "decode" ? 0 : hook === "gap" ? undefined : Verdict.Accepted;
    });
    const bench = DecoderBench.configured({ onDecoderFault: (fault) => faults.push(fault) }, plugin, dns);
    feed(bench);
    expect(bench.rows("dns")).toHaveLength(2);
    expect(bench.counters("failing").decoderErrors).toBeGreaterThan(0);
    expect(faults[0]).toMatchObject({ resource: "failing", hook });
  });
});

it.each(DAMAGES)("a stream's decoder that %s without a row is counted", (_, damage) => {
  const plugin = failingPlugin("decode", (out) => {
    damage(out as unknown as { record: Record<string, unknown> });
    return 0;
  });
  const bench = DecoderBench.configured({ onDecoderFault: () => undefined }, plugin, dns);
  feed(bench);
  expect(bench.rows("dns")).toHaveLength(2);
});

it.each(DAMAGES)("a plugin that %s in one packet has the right row of the next", (_, damage) => {
  const plugin: Plugin = {
    ...ntp,
    decodeDatagram: ({ frameNumber }, out) => {
      if (frameNumber % 2 === 1) damage(out as unknown as { record: Record<string, unknown> });
      // The record of the plugin's own codec.
      const record = out.record as NtpRecord;
      record.stratum = frameNumber;
      record.referenceId.setText("GPS");
      record.originTime.set(1, 5);
      record.receiveTime.set(2, 6);
      out.emit();
      return Verdict.Accepted;
    },
  };
  const bench = DecoderBench.configured({ onDecoderFault: () => undefined }, plugin);
  for (let i = 0; i < 6; i++) bench.udp(new Uint8Array(1), { srcPort: 40000, dstPort: 123 });
  const row = { reference_id: "475053", origin_time: "1970-01-01T00:00:01.000000005Z" };
  const rows = bench.finish().filter(({ stratum }) => Number(stratum) % 2 === 0);
  expect(rows).toMatchObject([2, 4, 6].map((stratum) => ({ ...row, stratum, frame_number: stratum })));
  expect(bench.counters().decoderErrors).toBe(3);
});

/** Values that arithmetic throws on, or that are objects. */
const nonNumber = fc.oneof(
  fc.constantFrom<unknown>(Symbol("five"), {}, [], [5], () => 5, Object.create(null), new Date(5)),
  fc.constant({
    valueOf() {
      throw new Error("not a number");
    },
  }),
);

/** A row of a DNS message whose record holds these values. */
function rowsOf(rcode: unknown, latency: unknown, type: unknown) {
  const bench = new DecoderBench({
    ...dns,
    decodeDatagram: (_, out) => {
      const record = out.record as DnsRecord;
      record.rcode = rcode as number;
      record.latency = latency as number;
      record.conflict = latency as boolean;
      record.malformed = type as boolean;
      record.answerTypes.push(28);
      record.answerTypes.push(type as number);
      record.queryName.setText("still.example");
      out.emit();
      return Verdict.Accepted;
    },
  });
  bench.udp(new Uint8Array(1), { srcPort: 40000, dstPort: 53 });
  bench.udp(new Uint8Array(1), { srcPort: 40000, dstPort: 53 });
  const rows = bench.finish();
  expect(bench.counters()).toMatchObject({ rows: 2, outOfRangeRows: 2, decoderErrors: 0 });
  return rows;
}

describe("a value in a number field that is not a number", () => {
  it("makes the field null, or 0, and flags the row", () => {
    fc.assert(
      fc.property(nonNumber, nonNumber, nonNumber, (rcode, latency, type) => {
        const row = {
          rcode: null,
          latency: null,
          conflict: null,
          malformed: false,
          query_name: "still.example",
          answer_types: ["AAAA", "UNSPECIFIED"],
          out_of_range: true,
        };
        expect(rowsOf(rcode, latency, type)).toMatchObject([row, row]);
      }),
      { numRuns: 50 },
    );
  });

  it("a bigint is converted to the nearest number", () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(0n), fc.bigInt(-9n, 9n), fc.bigInt()), (value) => {
        const [row] = rowsOf(value, value, Number.NaN);
        expect(row).toMatchObject({ conflict: null, malformed: false, out_of_range: true });
        expect(row!["rcode"]).toEqual(rowsOf(Number(value), 1, Number.NaN)[0]!["rcode"]);
        expect(row!["latency"]).toEqual(rowsOf(1, Number(value), Number.NaN)[0]!["latency"]);
      }),
      { numRuns: 50 },
    );
  });

  it("a bigint in a field of numbers leaves those of 64 bits as they are", () => {
    const bench = new DecoderBench({
      ...dns,
      decodeDatagram: (_, out) => {
        const record = out.record as DnsRecord;
        record.rcode = 3n as unknown as number;
        record.latency = 5n as unknown as number;
        // Above the largest double below 2^64.
        record.responseFrame = 2n ** 64n - 1n;
        out.emit();
        return Verdict.Accepted;
      },
    });
    bench.udp(new Uint8Array(1), { srcPort: 40000, dstPort: 53 });
    const row = { rcode: "NXDOMAIN", latency: "0.000000005s", response_frame: 2n ** 64n - 1n, out_of_range: false };
    expect(bench.finish()).toMatchObject([row]);
  });
});
