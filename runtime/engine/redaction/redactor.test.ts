import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { registry } from "../../../generated/registry.js";
import { randomEvents } from "../../../generated/testing/random-events.js";
import type { EventRecord } from "../../plugin/event-record.js";
import { findPlugin } from "../../plugin/testing/decode-rows.js";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import { BatchWriter } from "../../protobuf/batch-writer.js";
import type { ByteSlot } from "../../record/byte-slot.js";
import { ByteList } from "../../record/lists.js";
import { Random } from "../../record/testing/random.js";
import { checkCommunityId } from "../../schema/community-id-text.js";
import type { EventTable } from "../../schema/event-table.js";
import { rowFromColumns } from "../../schema/row-from-columns.js";
import { maskOf, redactSlot } from "./redact-slot.js";
import type { RedactionAction } from "./redaction-action.js";
import { Redactor } from "./redactor.js";

const dns = findPlugin(registry.plugins, "dns");
const http = findPlugin(registry.plugins, "http");
const KEY = new TextEncoder().encode("a secret of 16 bytes or more");
const CLIENT = "192.0.2.77";

/** A query for `www.Example.com`, answered or not. */
function rows(actions: Record<string, RedactionAction>, isAnswered = true) {
  const redaction = { actions: new Map(Object.entries(actions)), key: KEY };
  const bench = DecoderBench.configured({ redaction }, dns);
  const header = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  const name = [3, ...Buffer.from("www"), 7, ...Buffer.from("Example"), 3, ...Buffer.from("com"), 0, 0, 1, 0, 1];
  const query = Uint8Array.from([...header, ...name]);
  const response = Uint8Array.from([0, 7, 0x81, 0x83, ...header.slice(4), ...name]);
  bench.udp(query, { srcPort: 40000, dstPort: 53, srcAddress: CLIENT, dstAddress: "198.51.100.53" });
  if (isAnswered) bench.udp(response, { srcPort: 53, dstPort: 40000, srcAddress: "198.51.100.53", dstAddress: CLIENT });
  return bench.finish();
}

function hmac(text: string): Buffer {
  return createHmac("sha256", KEY).update(text).digest();
}

describe.each([
  ["a row that was answered", true],
  ["a row that was not", false],
])("values of %s", (_, isAnswered) => {
  it("are dropped", () => {
    const [row] = rows({ "dns.query_name": "drop", src_port: "drop" }, isAnswered);
    expect(row).toMatchObject({ query_name: null, src_port: 0, src_address: CLIENT });
  });

  it("are hashed with the key, names ignoring case", () => {
    const [row] = rows({ query_name: "hash" }, isAnswered);
    expect(row).toMatchObject({ query_name: hmac("www.example.com").toString("hex").slice(0, 32) });
  });

  it("are shortened to their beginning", () => {
    const [row] = rows({ query_name: "prefix", src_address: "prefix" }, isAnswered);
    expect(row).toMatchObject({ query_name: "Example.com", src_address: "192.0.2.0", dst_address: "198.51.100.53" });
  });

  it("of addresses become other addresses, and the Community ID is redacted with them", () => {
    const [plain] = rows({}, isAnswered);
    const [row] = rows({ src_address: "hash" }, isAnswered);
    const address = createHmac("sha256", KEY)
      .update(Uint8Array.of(192, 0, 2, 77))
      .digest()
      .subarray(0, 16);
    address[0] = 0xfd;
    const groups = address.toString("hex").match(/..../g)!.join(":");
    expect(new URL(`http://[${groups}]`).hostname).toBe(`[${String(row!["src_address"])}]`);
    const id = String(plain!["community_id"]);
    expect(row!["community_id"]).toBe(hmac(id).toString("hex").slice(0, 30));
    // A path of the API may name it.
    checkCommunityId(String(row!["community_id"]), "community_id");
    expect(rows({ src_address: "hash", community_id: "keep" }, isAnswered)[0]!["community_id"]).toBe(id);
  });

  it("are unchanged if nothing is redacted", () => {
    expect(rows({ query_name: "keep" }, isAnswered)).toEqual(rows({}, isAnswered));
  });
});

it.each([
  ["192.168.17.42:8080", "192.168.17.0:8080"],
  ["192.168.17.42", "192.168.17.0"],
  ["[2001:db8:1:2::5678]:443", "[2001:db8:1::]:443"],
  ["2001:db8:1:2::5678", "2001:db8:1::"],
  ["a.b.example.com:80", "example.com:80"],
  ["1.2.3", "2.3"],
  ["bob:pw@192.168.17.42", "***@192.168.17.0"],
])("the prefix of the host %s is %s", (host, prefix) => {
  const record = http.codec.createRecord() as EventRecord & { host: ByteSlot };
  record.host.setText(host);
  Redactor.of(http.table, { actions: new Map([["http.host", "prefix"]]) })!.redact(record);
  expect(Buffer.from(record.host.bytes.subarray(0, record.host.length)).toString()).toBe(prefix);
});

it("a text that the end of a list's memory truncated is masked to its end", () => {
  const list = new ByteList(64, 2048);
  for (let i = 0; i < 31; i++) list.pushText("x".repeat(2048));
  list.pushText("x".repeat(1900));
  list.pushText(`Location: https://bob:secret${"z".repeat(1000)}@h/`);
  expect(list.overflowed).toBe(true);
  redactSlot(list, maskOf(http.table.columns.find(({ name }) => name === "request_headers")!));
  const texts = Buffer.from(list.arena.bytes.subarray(0, list.arena.length)).toString();
  expect(texts).toContain("Location: https://***");
  expect(texts).not.toContain("secret");
  expect(list.overflowed).toBe(true);
});

describe("a redactor", () => {
  it("is not created if nothing is redacted", () => {
    expect(Redactor.of(dns.table, { actions: new Map() })).toBeUndefined();
    expect(Redactor.of(http.table, { actions: new Map() })).toBeDefined();
    expect(Redactor.of(http.table, { actions: new Map([["http", "keep"]]) })).toBeUndefined();
  });

  it("does not redact the mark of redacted rows", () => {
    expect(() => Redactor.of(http.table, { actions: new Map([["redacted", "drop"]]) })).toThrow(
      "http.redacted is bool, for which drop is not possible; choose keep",
    );
  });

  it.each<[string, RedactionAction, RegExp]>([
    ["dns.rcode", "hash", /^dns\.rcode is enum, for which hash is not possible; choose keep, drop$/],
    ["id", "drop", /^dns\.id is uuid, for which drop is not possible; choose keep$/],
    ["time", "drop", /^dns\.time is timestamp, for which drop is not possible; choose keep$/],
    [
      "dns.src_address",
      "mask",
      /^dns\.src_address is ip, for which mask is not possible; choose keep, drop, hash, prefix$/,
    ],
    ["dns.answer_data", "prefix", /^$/],
  ])("refuses %s=%s if it is not possible", (name, action, message) => {
    const make = () => Redactor.of(dns.table, { actions: new Map([[name, action]]) });
    if (message.source === "^$") expect(make()).toBeDefined();
    else expect(make).toThrow(message);
  });

  it.each(randomEvents)(
    "changes the column that it redacts of $resource, and nothing else",
    ({ resource, codec, fillRandom }) => {
      const { table } = findPlugin(registry.plugins, resource);
      const random = new Random(11);
      for (const column of table.columns.filter(({ name }) => name !== "id" && name !== "time")) {
        for (const action of ["drop", "hash", "prefix"] as const) {
          // The Community ID of a row whose addresses are redacted changes with them.
          const actions = new Map<string, RedactionAction>([
            ...(column.name === "community_id" ? [] : ([["community_id", "keep"]] as const)),
            ...table.columns.map(({ name }) => [`${resource}.${name}`, "keep"] as const),
            [`${resource}.${column.name}`, action],
          ]);
          if (!isPossibleFor(table, column.name, action)) continue;
          const record = codec.createRecord();
          fillRandom(random, record);
          const before = rowOf(resource, record);
          const hadOverflowed = record.hasOverflowed();
          Redactor.of(table, { actions, key: KEY })!.redact(record);
          const after = rowOf(resource, record);
          for (const { name, annotation } of table.columns) {
            if (name !== column.name && annotation.marksRedaction !== true)
              expect(after.get(name), `${name} beside ${column.name}=${action}`).toEqual(before.get(name));
          }
          expect(record.hasOverflowed()).toBe(hadOverflowed);
          const [given, kept] = [before.get(column.name), after.get(column.name)];
          if (action === "drop") expect(isEmpty(kept), `${column.name}=drop`).toBe(true);
          else if (action === "hash" && !isEmpty(given)) expect(kept).not.toEqual(given);
          expect(isEmpty(kept)).toBe(action === "drop" || isEmpty(given));
        }
      }
    },
  );
});

function isPossibleFor(table: EventTable, name: string, action: RedactionAction): boolean {
  try {
    return Redactor.of(table, { actions: new Map([[`${table.resource}.${name}`, action]]) }) !== undefined;
  } catch {
    return false;
  }
}

/** Null, or the zero value of its type. */
function isEmpty(value: unknown): boolean {
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length === 0;
  return value === null || value === "" || value === 0 || value === 0n || value === false;
}

/** The record's row by column, as the reader of columns makes it. */
function rowOf(resource: string, record: EventRecord): Map<string, unknown> {
  const { table, codec } = findPlugin(registry.plugins, resource);
  const writer = new BatchWriter(64);
  codec.encode(record, writer);
  const rows = writer.take();
  const columns = codec.createColumns();
  codec.read(rows, 0, rows.length, columns);
  return new Map(table.columns.map(({ name }, i) => [name, rowFromColumns(table, columns, 0)[i]]));
}
