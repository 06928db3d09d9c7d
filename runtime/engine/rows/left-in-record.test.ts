import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DnsRecord } from "../../../generated/dns/record.js";
import { registry } from "../../../generated/registry.js";
import { randomEvents } from "../../../generated/testing/random-events.js";
import type { EventRecord } from "../../plugin/event-record.js";
import type { Output } from "../../plugin/output.js";
import type { Plugin } from "../../plugin/plugin.js";
import { findPlugin } from "../../plugin/testing/decode-rows.js";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import type { RowObject } from "../../plugin/testing/row-object.js";
import { TcpConversation } from "../../plugin/testing/tcp-conversation.js";
import { Verdict } from "../../plugin/verdict.js";
import { Random } from "../../record/testing/random.js";
import type { RandomEvent } from "../../record/testing/random-event.js";

const PORT = 50000;
const IP_PROTOCOL = 253;
const UNBOUND = { udpPorts: [], tcpPorts: [], ethertypes: [], ipProtocols: [], everyPacket: false };
const ENDINGS = ["accepted", "not mine", "truncated", "malformed", "thrown", "no verdict"] as const;

/** What a hook does when it is called with one packet. */
interface Step {
  readonly before: number;
  readonly isEmitted: boolean;
  /** Seed of the values that are written after the row, or instead of it. */
  readonly after: number | undefined;
  readonly ending: (typeof ENDINGS)[number];
}

type Put = Pick<Output<EventRecord>, "record" | "emit">;

/** A hook of one kind that follows `next`, and how it is called. */
interface Hook {
  /** `litter` is what hooks that do not make a row write into the record. */
  plugin(event: RandomEvent, next: () => Step, litter: (record: EventRecord) => void): Plugin;
  call(bench: DecoderBench, index: number): void;
}

function take(event: RandomEvent, step: Step, record: EventRecord, emit: () => void): Verdict {
  event.fillRandom(new Random(step.before), record);
  if (step.isEmitted) emit();
  if (step.after !== undefined) event.fillRandom(new Random(step.after), record);
  if (step.ending === "thrown") throw new Error("gives up");
  // A decoder in plain JavaScript may return any value.
  if (step.ending === "no verdict") return undefined as unknown as Verdict;
  return [Verdict.Accepted, Verdict.NotMine, Verdict.Truncated, Verdict.Malformed][ENDINGS.indexOf(step.ending)]!;
}

/** The plugin of an event without its own hooks. */
function bare({ resource }: RandomEvent, bindings: Partial<Plugin["bindings"]>): Plugin {
  const { table, codec, limits, options, captureFilter } = findPlugin(registry.plugins, resource);
  return { table, codec, limits, options, captureFilter, bindings: { ...UNBOUND, ...bindings } };
}

const decoding = (event: RandomEvent, next: () => Step) => (_: unknown, out: Put) =>
  take(event, next(), out.record, () => out.emit());

const HOOKS: Readonly<Record<string, Hook>> = {
  decodeDatagram: {
    plugin: (event, next) => ({ ...bare(event, { udpPorts: [PORT] }), decodeDatagram: decoding(event, next) }),
    call: (bench, index) => bench.udp(new Uint8Array(4), { srcPort: 40000 + index, dstPort: PORT }),
  },
  decodeFrame: {
    plugin: (event, next) => ({ ...bare(event, { ipProtocols: [IP_PROTOCOL] }), decodeFrame: decoding(event, next) }),
    call: (bench, index) =>
      bench.ip(new Uint8Array(4), {
        srcAddress: `192.0.2.${index + 1}`,
        dstAddress: "198.51.100.1",
        ipProtocol: IP_PROTOCOL,
      }),
  },
  createStreamDecoder: {
    plugin: (event, next, litter) => ({
      ...bare(event, { tcpPorts: [PORT] }),
      createStreamDecoder: (_, out) => {
        litter(out.record);
        return {
          decode: ({ start, end }) => {
            take(event, next(), out.record, () => out.emit());
            return end - start;
          },
          gap: () => {
            litter(out.record);
            return undefined;
          },
          end: () => litter(out.record),
        };
      },
    }),
    call: (bench, index) => {
      const connection = new TcpConversation(bench, { serverPort: PORT, clientPort: 40000 + index });
      connection.open();
      connection.client("1234");
      // Its bytes are not captured, which is a gap.
      connection.client("1234", { capturedBytes: 14 + 20 + 20 });
      connection.close();
    },
  },
  createPacketObserver: {
    plugin: (event, next, litter) => ({
      ...bare(event, { everyPacket: true }),
      createPacketObserver: (out) => ({
        observe: (packet) => {
          take(event, next(), out.record, () => {
            out.observe(packet);
            out.emitObserved();
          });
        },
        endConversation: () => litter(out.record),
      }),
    }),
    call: (bench, index) => bench.udp(new Uint8Array(4), { srcPort: 40000 + index, dstPort: PORT }),
  },
  "createPacketObserver that keeps the record": {
    plugin: (event, next, litter) => ({
      ...bare(event, { everyPacket: true }),
      createPacketObserver: (out) => {
        const { record } = out;
        litter(record);
        return {
          observe: (packet) => {
            take(event, next(), record, () => {
              out.observe(packet);
              out.emitObserved();
            });
          },
          endConversation: () => litter(record),
        };
      },
    }),
    call: (bench, index) => bench.udp(new Uint8Array(4), { srcPort: 40000 + index, dstPort: PORT }),
  },
};

function makeBench(
  hook: Hook,
  event: RandomEvent,
  next: () => Step,
  litter: (record: EventRecord) => void = () => undefined,
): DecoderBench {
  return DecoderBench.configured(
    { limits: { conversations: 64 }, onDecoderFault: () => undefined },
    hook.plugin(event, next, litter),
  );
}

/** Rows without the values that number packets. */
function comparable(rows: readonly RowObject[]): unknown[] {
  return rows.map(({ id, frame_number, ...row }) => row);
}

const steps = fc.array(
  fc.record({
    before: fc.nat(),
    isEmitted: fc.boolean(),
    after: fc.option(fc.nat(), { nil: undefined }),
    ending: fc.constantFrom(...ENDINGS),
  }),
  { minLength: 1, maxLength: 8 },
);

describe.each(Object.entries(HOOKS))("%s", (_, hook) => {
  it("makes the same row of a record as of a new one, whatever earlier calls left in it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...randomEvents), steps, (event, steps) => {
        let at = 0;
        const bench = makeBench(
          hook,
          event,
          () => steps[at]!,
          (record) => event.fillRandom(new Random(at), record),
        );
        const expected: unknown[] = [];
        for (; at < steps.length; at++) {
          const step = steps[at]!;
          hook.call(bench, at);
          if (!step.isEmitted) continue;
          const fresh = makeBench(hook, event, () => step);
          hook.call(fresh, at);
          expected.push(...comparable(fresh.rows()));
        }
        expect(comparable(bench.rows())).toEqual(expected);
        expect(expected).toHaveLength(steps.filter(({ isEmitted }) => isEmitted).length);
      }),
      { numRuns: 60 },
    );
  });
});

it("a request that a decoder resumed and left stays open, and is not part of the next row", () => {
  const dns = findPlugin(registry.plugins, "dns");
  const answered: boolean[] = [];
  const bench = new DecoderBench({
    ...dns,
    decodeDatagram: ({ frameNumber }, out) => {
      // The record of the plugin's own codec.
      const record = out.record as DnsRecord;
      if (frameNumber === 1) {
        record.queryName.setText("held.example");
        out.hold(7);
      } else if (frameNumber === 2) answered.push(out.resume(7));
      else if (frameNumber === 3) out.emit();
      else {
        answered.push(out.resume(7));
        out.emit();
      }
      return Verdict.Accepted;
    },
  });
  bench.udp(new Uint8Array(1), { srcPort: 40000, dstPort: 53 });
  for (let i = 0; i < 3; i++) {
    bench.udp(new Uint8Array(1), {
      srcPort: 53,
      dstPort: 40000,
      srcAddress: "192.0.2.53",
      dstAddress: "192.0.2.1",
    });
  }
  expect(answered).toEqual([true, true]);
  expect(bench.finish()).toMatchObject([
    { frame_number: 3, query_name: null, src_address: "192.0.2.53" },
    { frame_number: 1, query_name: "held.example", src_address: "192.0.2.1" },
  ]);
});
