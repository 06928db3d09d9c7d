import { fromBinary, type Message } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { randomEvents } from "../../generated/testing/random-events.js";
import type { BatchSink, RowGroupInput } from "../agent/batch-sink.js";
import { BatchWriter } from "../protobuf/batch-writer.js";
import { Random } from "../record/testing/random.js";
import { parseRowFilter } from "./row-filter.js";
import { RowSelection } from "./row-selection.js";

const ROWS = 5000;

/** Random rows of a protocol: each in wire form, and as read by protobuf-es. */
function randomRows(resource: string) {
  const { codec, message, fillRandom } = randomEvents.find((event) => event.resource === resource)!;
  const random = new Random(11);
  const record = codec.createRecord();
  const writer = new BatchWriter();
  return Array.from({ length: ROWS }, () => {
    record.reset();
    fillRandom(random, record);
    codec.encode(record, writer);
    const wire = writer.take();
    const lengthBytes = wire.subarray(1).findIndex((byte) => byte < 128) + 1;
    const parsed = fromBinary(message, wire.subarray(1 + lengthBytes)) as Message & {
      observation?: { srcPort?: number };
    };
    return { wire, port: parsed.observation?.srcPort };
  });
}

const rowGroupOf = (resource: string, rows: readonly Uint8Array[]): RowGroupInput => ({
  eventType: registry.plugins.find(({ table }) => table.resource === resource)!.table.eventType,
  count: rows.length,
  rows: Buffer.concat(rows),
});

it("the rows that meet the filter are sent, byte for byte and in order; the others are counted, and other protocols are omitted", async () => {
  const rows = randomRows("dns");
  const filter = await parseRowFilter(["src_port_gte=30000"], new Set(["dns"]), true);
  const sent: (readonly RowGroupInput[])[] = [];
  let counters: () => ReadonlyMap<string, number> = () => new Map();
  const sink: BatchSink = {
    countersFrom: (read) => {
      counters = read;
    },
    send: async (rowGroups) => void sent.push(rowGroups),
    refuseRow: () => undefined,
    drain: async () => undefined,
    close: async () => undefined,
  };
  const selection = new RowSelection(sink, registry.plugins, new Set(["dns"]), filter);
  selection.countersFrom(() => new Map([["dns.rows", ROWS]]));
  const wires = rows.map(({ wire }) => wire);
  await selection.send([
    rowGroupOf("dns", wires),
    rowGroupOf(
      "ntp",
      randomRows("ntp").map(({ wire }) => wire),
    ),
  ]);

  const wanted = rows.filter(({ port }) => port !== undefined && port >= 30000).map(({ wire }) => wire);
  expect(wanted.length).toBeGreaterThan(100);
  expect(wanted.length).toBeLessThan(ROWS - 100);
  expect(sent.length).toBe(1);
  expect(sent[0]!.map(({ eventType, count }) => [eventType, count])).toEqual([["wireloom.dns.v1.Dns", wanted.length]]);
  expect(Buffer.compare(sent[0]![0]!.rows, Buffer.concat(wanted))).toBe(0);
  expect([...counters()]).toEqual([
    ["dns.rows", ROWS],
    ["dns.filtered_rows", ROWS - wanted.length],
  ]);
  expect([...selection.passed]).toEqual([["dns", wanted.length]]);
});

it("nothing is sent if no row is left", async () => {
  const filter = await parseRowFilter(["src_port_eq=0", "dst_port_eq=0"], new Set(["dns"]), true);
  const sink: BatchSink = {
    countersFrom: () => undefined,
    send: () => Promise.reject(new Error("nothing was to be sent")),
    refuseRow: () => undefined,
    drain: async () => undefined,
    close: async () => undefined,
  };
  const selection = new RowSelection(sink, registry.plugins, new Set(["dns"]), filter);
  const rows = randomRows("dns").filter(({ port }) => port !== 0);
  await selection.send([
    rowGroupOf(
      "dns",
      rows.map(({ wire }) => wire),
    ),
  ]);
  expect(selection.passed.get("dns")).toBe(0);
});
