import { create, fromBinary, type Message, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { collectedEvents } from "../../generated/collected-events.js";
import { dnsCodec } from "../../generated/dns/codec.js";
import { DnsSchema } from "../../generated/dns/dns_pb.js";
import { randomEvents } from "../../generated/testing/random-events.js";
import type { EventRecord } from "../plugin/event-record.js";
import { ByteSlot } from "../record/byte-slot.js";
import { ByteList, NumberList } from "../record/lists.js";
import { Random } from "../record/testing/random.js";
import { rowFromColumns } from "../schema/row-from-columns.js";
import { BatchWriter } from "./batch-writer.js";

/** The wire form of `repeated rows = 1` with one row. */
function rowsOf(body: Uint8Array): Uint8Array {
  const writer = new BatchWriter();
  const length: number[] = [];
  for (let rest = body.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest < 128) break;
  }
  const head = Uint8Array.of(10, ...length);
  writer.append(head, 0, head.length, 0);
  writer.append(body, 0, body.length, 1);
  return writer.take();
}

function read(codec: (typeof randomEvents)[number]["codec"], body: Uint8Array) {
  const columns = codec.createColumns();
  const rows = rowsOf(body);
  codec.read(rows, 0, rows.length, columns);
  return columns;
}

describe("a DNS row from an untrusted sender", () => {
  const observation = { id: new Uint8Array(16).fill(7), time: 1_700_000_000_000_000_000n };
  const readDns = (row: MessageInitShape<typeof DnsSchema>) => {
    const [event] = randomEvents.filter(({ resource }) => resource === "dns");
    return read(event!.codec, toBinary(DnsSchema, create(DnsSchema, row)));
  };

  it("is accepted at the limits of its fields", () => {
    const columns = readDns({
      observation: { ...observation, time: 2n ** 63n - 1n, srcPort: 65535 },
      latency: 2n ** 63n - 1n,
      queryName: "a".repeat(1012),
      answerNames: Array.from({ length: 64 }, () => "a".repeat(1012)),
    });
    expect(columns.rowCount).toBe(1);
  });

  it("is accepted with an explicit time of 0, which protobuf-es does not write", () => {
    const body = Buffer.concat([
      Buffer.from("0a1b0a10", "hex"),
      observation.id,
      Buffer.from("110000000000000000", "hex"),
    ]);
    const columns = dnsCodec.createColumns();
    const rows = rowsOf(body);
    dnsCodec.read(rows, 0, rows.length, columns);
    const { table } = collectedEvents.find(({ table }) => table.resource === "dns")!;
    expect(rowFromColumns(table, columns, 0)[1]).toBe(0n);
  });

  it.each<[string, string, MessageInitShape<typeof DnsSchema>]>([
    ["an empty row", "id is missing", {}],
    ["without a time", "time is missing", { observation: { id: observation.id } }],
    ["without an id", "id is missing", { observation: { time: 1n } }],
    ["with an id of zeros", "id is missing", { observation: { ...observation, id: new Uint8Array(16) } }],
    ["with a short id", "id has 15 bytes", { observation: { ...observation, id: new Uint8Array(15) } }],
    [
      "after 2262",
      "time is 9223372036854775808 where its type has 0 to 9223372036854775807",
      { observation: { ...observation, time: 2n ** 63n } },
    ],
    [
      "of a port of 70000",
      "src_port is 70000 where its type has 0 to 65535",
      { observation: { ...observation, srcPort: 70_000 } },
    ],
    [
      "of a latency of 2^64 - 1",
      "latency is 18446744073709551615 where its type has 0 to 9223372036854775807",
      { observation, latency: 2n ** 64n - 1n },
    ],
    ["of a long name", "query_name has 1013 bytes where 1012", { observation, queryName: "a".repeat(1013) }],
    ["of a long agent id", "agent_id has 256 bytes", { observation: { ...observation, agentId: "a".repeat(256) } }],
    [
      "of too many items",
      "answer_names has more than 64 items",
      { observation, answerNames: Array.from({ length: 65 }, () => "a") },
    ],
    [
      "of too many numbers",
      "answer_types has more than 64 items",
      { observation, answerTypes: Array.from({ length: 65 }, () => 1) },
    ],
    ["of a long item", "answer_names has 1013 bytes", { observation, answerNames: ["a".repeat(1013)] }],
    [
      "of half an address",
      "src_address is an address of 5 bytes",
      { observation: { ...observation, srcAddress: new Uint8Array(5) } },
    ],
  ])("is refused %s, and the message names the field", (_, problem, row) => {
    expect(() => readDns(row)).toThrow(
      expect.objectContaining({
        code: "malformed_row_group",
        message: expect.stringContaining(`malformed rows: ${problem}`),
      }),
    );
  });

  it("is refused if it is one of many", () => {
    const good = rowsOf(toBinary(DnsSchema, create(DnsSchema, { observation })));
    const rows = Buffer.concat([good, Buffer.from("0a00", "hex"), good]);
    expect(() => dnsCodec.read(rows, 0, rows.length, dnsCodec.createColumns())).toThrow("id is missing");
  });
});

describe.each(randomEvents)("a row of $resource", ({ resource, codec, message, fillRandom }) => {
  const { table } = collectedEvents.find((event) => event.table.resource === resource)!;
  const typeOf = (property: string) => table.columns.find(({ messagePath }) => messagePath.at(-1) === property)!.type;

  /** Every slot and list of a record and its observation, with the name of its property. */
  const bounded = (record: EventRecord) =>
    [record, record.observation].flatMap((holder) =>
      Object.entries(holder).filter(
        (entry): entry is [string, ByteSlot | ByteList | NumberList] =>
          entry[1] instanceof ByteSlot || entry[1] instanceof ByteList || entry[1] instanceof NumberList,
      ),
    );

  const encode = (record: EventRecord) => {
    const writer = new BatchWriter();
    codec.encode(record, writer);
    const rows = writer.take();
    let at = 1;
    while (rows[at]! > 127) at++;
    return { rows, body: rows.slice(at + 1) };
  };

  it("that the encoder writes is accepted, with every text, list and number at random", () => {
    const random = new Random(11);
    const record = codec.createRecord();
    const columns = codec.createColumns();
    for (let i = 0; i < 2000; i++) {
      record.reset();
      fillRandom(random, record);
      const { rows } = encode(record);
      expect(codec.read(rows, 0, rows.length, columns)).toBe(rows.length);
    }
  });

  it("filled beyond every limit is truncated by the encoder and accepted, and exceeding a limit by one is refused", () => {
    const record = codec.createRecord();
    record.observation.time.set(1, 0);
    for (const [property, field] of bounded(record)) {
      if (field instanceof NumberList) for (let i = 0; i <= field.maxItems; i++) field.push(1);
      else if (field instanceof ByteList) for (let i = 0; i <= field.maxItems; i++) field.pushText("1234");
      else if (typeOf(property) === "uuid") field.set(new Uint8Array(16).fill(1), 0, 16);
      else if (typeOf(property) === "mac") field.set(new Uint8Array(6), 0, 6);
      else if (typeOf(property) === "ip") field.set(new Uint8Array(4), 0, 4);
      else field.setText("a".repeat(field.maxBytes + 1));
    }
    const { rows, body } = encode(record);
    expect(codec.read(rows, 0, rows.length, codec.createColumns())).toBe(rows.length);

    for (const [property, field] of bounded(record)) {
      // Members are looked up by their names.
      const decoded = fromBinary(message, body) as Message & Record<string, unknown>;
      const holder = (property in decoded ? decoded : decoded["observation"]) as Record<string, unknown>;
      const value = holder[property];
      if (value === undefined) continue;
      if (Array.isArray(value)) holder[property] = [...value, value[0]];
      else if (typeof value === "string") holder[property] = `${value}a`;
      else holder[property] = new Uint8Array((field as ByteSlot).maxBytes + 1);
      expect(() => read(codec, toBinary(message, decoded)), property).toThrow(
        new RegExp(
          `malformed rows: ${property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} (has|is an)`,
        ),
      );
    }
  });
});
