import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../plugin/testing/decode-rows.js";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import type { RedactionAction } from "./redaction-action.js";
import { Redactor } from "./redactor.js";

const dns = findPlugin(registry.plugins, "dns");
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

  it("are hashed with the key, names without regard to case", () => {
    const [row] = rows({ query_name: "hash" }, isAnswered);
    expect(row).toMatchObject({ query_name: hmac("www.example.com").toString("hex").slice(0, 32) });
  });

  it("are cut to what they begin with", () => {
    const [row] = rows({ query_name: "prefix", src_address: "prefix" }, isAnswered);
    expect(row).toMatchObject({ query_name: "Example.com", src_address: "192.0.2.0", dst_address: "198.51.100.53" });
  });

  it("of addresses become addresses of their own, and the Community ID is hidden with them", () => {
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
    expect(rows({ src_address: "hash", community_id: "keep" }, isAnswered)[0]!["community_id"]).toBe(id);
  });

  it("are as they were where nothing is redacted", () => {
    expect(rows({ query_name: "keep" }, isAnswered)).toEqual(rows({}, isAnswered));
  });
});

describe("a redactor", () => {
  it("is not made where nothing is redacted", () => {
    expect(Redactor.of(dns.table, { actions: new Map() })).toBeUndefined();
    const http = findPlugin(registry.plugins, "http").table;
    expect(Redactor.of(http, { actions: new Map() })).toBeDefined();
    expect(Redactor.of(http, { actions: new Map([["http", "keep"]]) })).toBeUndefined();
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
  ])("refuses %s=%s where it is not possible", (name, action, message) => {
    const make = () => Redactor.of(dns.table, { actions: new Map([[name, action]]) });
    if (message.source === "^$") expect(make()).toBeDefined();
    else expect(make).toThrow(message);
  });

  it("works for every field of every protocol by every action that is possible", () => {
    for (const plugin of registry.plugins) {
      for (const { name } of plugin.table.columns) {
        for (const action of ["drop", "hash", "prefix", "mask"] as const) {
          let redactor: Redactor | undefined;
          try {
            redactor = Redactor.of(plugin.table, { actions: new Map([[name, action]]), key: KEY });
          } catch {
            continue;
          }
          const record = plugin.codec.createRecord();
          redactor!.redact(record);
          expect(record.hasOverflowed(), `${plugin.table.resource}.${name}=${action}`).toBe(false);
        }
      }
    }
  });
});
