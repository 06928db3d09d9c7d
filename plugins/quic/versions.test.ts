import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { CLIENT_CRYPTO, CONNECTION_ID, clientInitial, hex, keysOf } from "./testing/packets.js";

const plugin = findPlugin(registry.plugins, "quic");
const ENDS = { srcAddress: "192.0.2.1", srcPort: 50000, dstAddress: "192.0.2.53", dstPort: 443 };
/** The ClientHello's transport parameters, its last extension, which numbers 0x39. */
const PARAMETERS_AT = CLIENT_CRYPTO.indexOf(hex("00390032"));

function rowOf(version: string, salt: string, frames: Uint8Array) {
  const bench = new DecoderBench(plugin);
  bench.udp(clientInitial({ version, frames }, keysOf(CONNECTION_ID, "client", salt)), ENDS);
  return bench.finish()[0];
}

/** The ClientHello with these transport parameters, of as many bytes as it had, in the extension that drafts used. */
function helloWith(parameters: Uint8Array): Buffer {
  return Buffer.concat([CLIENT_CRYPTO.subarray(0, PARAMETERS_AT), hex("ffa50032"), parameters]);
}

const DRAFT_22 = "7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a";
const DRAFT_23 = "c3eef712c72ebb5a11a7d2432bb46365bef9f502";
const DRAFT_29 = "afbfec289993d24c9e9786f19c6111e04390a899";
const VERSION_1 = "38762cf7f55934b34d179ae6a4c80cadccbb7f0a";

// draft-ietf-quic-tls-22, 23, 29 and 33, section 5.2; mvfst says which drafts its versions are.
it.each([
  ["draft-22", "ff000016", DRAFT_22],
  ["draft-23", "ff000017", DRAFT_23],
  ["draft-28", "ff00001c", DRAFT_23],
  ["draft-29", "ff00001d", DRAFT_29],
  ["draft-32", "ff000020", DRAFT_29],
  ["draft-33", "ff000021", VERSION_1],
  ["draft-34", "ff000022", VERSION_1],
  ["0xfaceb001", "faceb001", DRAFT_22],
  ["0xfaceb002", "faceb002", DRAFT_23],
  ["0xfaceb00e", "faceb00e", DRAFT_23],
])("reads the ClientHello of %s", (text, version, salt) => {
  expect(rowOf(version, salt, CLIENT_CRYPTO)).toMatchObject({ version: text, server_name: "example.com" });
});

describe("transport parameters of drafts before 27", () => {
  // draft-ietf-quic-transport-26, section 18: a vector of 48 bytes; idle timeout 30000 and initial_max_data 65536 in integers of variable length,
  // disable_migration without a value, an unknown one of 22 bytes.
  const vector = hex(`0030 0001 0004 80007530 0004 0004 80010000 000c 0000 4242 0018 ${"aa".repeat(24)}`);

  it.each([
    ["draft-24", "ff000018"],
    ["draft-26", "ff00001a"],
  ])("are read in their own form: %s", (_, version) => {
    expect(rowOf(version, DRAFT_23, helloWith(vector))).toMatchObject({
      max_idle_timeout: 30000,
      initial_max_data: 65536,
      disable_active_migration: true,
      max_ack_delay: null,
      malformed: false,
    });
  });

  it.each([
    ["whose length is another one", Buffer.concat([hex("0031"), vector.subarray(2)])],
    ["one of which goes beyond the vector", Buffer.concat([vector.subarray(0, 24), hex("0019"), vector.subarray(26)])],
  ])("break the format: %s", (_, parameters) => {
    expect(rowOf("ff00001a", DRAFT_23, helloWith(parameters))).toMatchObject({
      malformed: true,
      server_name: "example.com",
    });
  });
});
