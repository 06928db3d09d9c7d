import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type FrameOptions } from "../../../runtime/plugin/testing/decoder-bench.js";
import type { DatagramEnds } from "../../../runtime/plugin/testing/udp-frame.js";

export const plugin = findPlugin(registry.plugins, "dns");

/** The host that asks, and the server. */
export const CLIENT = "192.0.2.1";
export const SERVER = "192.0.2.53";
/** Ports and addresses of a query, and of its response. */
export const TO_SERVER = { srcPort: 40000, dstPort: 53, srcAddress: CLIENT, dstAddress: SERVER };
export const TO_CLIENT = { srcPort: 53, dstPort: 40000, srcAddress: SERVER, dstAddress: CLIENT };

/** Bytes of hex digits, in which spaces are layout. */
export const hex = (...parts: readonly string[]) => Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");

/** A question: www.example.com, type A, class IN. */
export const QUESTION = "03 777777 07 6578616d706c65 03 636f6d 00  0001 0001";
/** The query of {@link QUESTION}: id, flags, counts of questions, answers, authority and additional records. */
export const QUERY = hex("1234 0100 0001 0000 0000 0000", QUESTION);
/** An answer: a pointer to the question's name, A, IN, TTL 300, four bytes. */
export const ANSWER = "c00c 0001 0001 0000012c 0004 c0000250";
/** The response to {@link QUERY}, with {@link ANSWER}. */
export const RESPONSE = hex("1234 8180 0001 0001 0000 0000", QUESTION, ANSWER);

type Sent = readonly [Uint8Array, DatagramEnds & FrameOptions];

/** The rows of these datagrams. */
export function rowsOf(...datagrams: readonly Sent[]) {
  const bench = new DecoderBench(plugin);
  for (const [payload, options] of datagrams) bench.udp(payload, options);
  return bench.finish();
}
