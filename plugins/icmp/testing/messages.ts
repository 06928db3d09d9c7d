import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type FrameOptions } from "../../../runtime/plugin/testing/decoder-bench.js";
import type { PacketEnds } from "../../../runtime/plugin/testing/ip-frame.js";

/** The plugin under test. */
export const plugin = findPlugin(registry.plugins, "icmp");

/** Bytes of hex digits, in which spaces are layout. */
export const hex = (...parts: readonly string[]) => Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");

export const CLIENT = "192.0.2.1";
export const SERVER = "192.0.2.53";
export const CLIENT6 = "2001:db8::1";
export const TO_SERVER = { srcAddress: CLIENT, dstAddress: SERVER, ipProtocol: 1 };
export const TO_CLIENT = { srcAddress: SERVER, dstAddress: CLIENT, ipProtocol: 1, hopLimit: 63 };
export const TO_SERVER6 = { srcAddress: CLIENT6, dstAddress: "2001:db8::53", ipProtocol: 58 };
export const TO_CLIENT6 = { srcAddress: "2001:db8::53", dstAddress: CLIENT6, ipProtocol: 58, hopLimit: 63 };

/** An echo request: type, code, checksum, identifier, sequence number, data. */
export const ECHO = hex("08 00 0000 1234 0007", "61".repeat(56));

/** UDP from 192.0.2.1 port 40000 to 198.51.100.7 port 123, TTL 1, 48 bytes in all, of which 28 are quoted. */
export const QUOTED = "45 00 0030 0001 0000 01 11 0000 c0000201 c6336407  9c40 007b 001c 0000";
/** The same over IPv6: 20 bytes after the header, hop limit 3. */
export const QUOTED6 =
  "60000000 0014 11 03 20010db8000000000000000000000001 20010db8000000000000000000000007  9c40 007b 0014 0000";

/** The link-local addresses of two neighbours. */
export const HOST = "fe800000000000000000000000000001";
export const NEIGHBOR = "fe800000000000000000000000000002";
/** Link-layer address option of 02:00:00:00:00:01. */
export const SOURCE_OPTION = "01 01 020000000001";

/** A message and where it goes. */
export type Sent = readonly [Uint8Array, PacketEnds & FrameOptions];

/** The rows of some messages. */
export function rowsOf(...messages: readonly Sent[]) {
  const bench = new DecoderBench(plugin);
  for (const [message, options] of messages) bench.ip(message, options);
  return bench.finish();
}

/** Verdict of the decoder on one message, and its rows. */
export function verdictOf(message: Uint8Array, ends: PacketEnds, capturedBytes?: number) {
  const bench = new DecoderBench(plugin);
  bench.ip(message, capturedBytes === undefined ? ends : { ...ends, capturedBytes });
  bench.finish();
  const { rows, accepted, truncated, malformed, notMine } = bench.counters();
  return { rows, accepted, truncated, malformed, notMine };
}
