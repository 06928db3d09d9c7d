import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { Pipeline } from "../engine/pipeline.js";
import { nodeCryptography } from "../node/node-cryptography.js";
import { findPlugin } from "../plugin/testing/decode-rows.js";
import { DecoderBench } from "../plugin/testing/decoder-bench.js";
import { TcpConversation } from "../plugin/testing/tcp-conversation.js";
import { formatSummary } from "./format-summary.js";

/** The summary's line of a plugin after what `send` did. */
function lineOf(resource: string, send: (bench: DecoderBench) => void): string {
  const bench = new DecoderBench(findPlugin(registry.plugins, resource));
  send(bench);
  bench.endInput();
  return summaryOf(bench).split("\n")[1]!;
}

function summaryOf(bench: DecoderBench): string {
  const run = { packets: 1, dropped: 0, unknownLinkType: 0 };
  const counters = { counters: () => [bench.counters()], engineCounters: () => bench.engineCounters() };
  return formatSummary({ ...run, ...counters }, new Set([bench.counters().resource]), 1);
}

// A query for the root's A records (RFC 1035, section 4.1).
const QUERY = Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1);

function sendQueryOverTcp(bench: DecoderBench, clientPort: number): void {
  const connection = new TcpConversation(bench, { serverPort: 53, clientPort });
  connection.open();
  // Each message follows its length (RFC 1035, section 4.2.2).
  connection.client(Uint8Array.of(0, QUERY.length, ...QUERY));
  connection.close();
}

it("counts datagrams as packets and streams as connections", () => {
  const datagram = (bench: DecoderBench) => bench.udp(QUERY, { srcPort: 40000, dstPort: 53 });
  expect(lineOf("dns", datagram)).toBe("dns: 1 row, 1 packet accepted");
  expect(lineOf("dns", (bench) => sendQueryOverTcp(bench, 40000))).toBe("dns: 1 row, 1 connection accepted");
  const both = (bench: DecoderBench) => {
    datagram(bench);
    for (let i = 1; i < 4; i++) sendQueryOverTcp(bench, 40000 + i);
  };
  expect(lineOf("dns", both)).toBe("dns: 4 rows, 1 packet and 3 connections accepted");
});

it("uses the singular for one, whatever is counted", () => {
  const pipeline = new Pipeline([findPlugin(registry.plugins, "dns")], { cryptography: nodeCryptography, session: 0 });
  /** The same counters, each with the value. */
  const all = <Counters extends object>(counters: Counters, value: number) =>
    Object.fromEntries(
      Object.entries(counters).map(([name, old]) => [name, typeof old === "number" ? value : old]),
    ) as unknown as Counters;
  const summary = (value: number) => {
    const counters = pipeline.counters().map((plugin) => ({ ...all(plugin, value), accepted: 2 * value }));
    const engine = all(pipeline.engineCounters(), value);
    const run = { packets: value, dropped: value, unknownLinkType: value };
    return formatSummary({ ...run, counters: () => counters, engineCounters: () => engine }, new Set(["dns"]), 1);
  };
  const singular = summary(1).replace("packets or connections left out", "");
  expect(singular).not.toMatch(
    /\b1 ([a-z]+ ){0,2}?(rows|packets|connections|datagrams|gaps|messages|errors|requests)\b/i,
  );
  expect(summary(2)).toMatch(/2 rows, 2 packets and 2 connections accepted, .*2 rows cut at a limit.*2 decoder errors/);
  expect(summary(2)).toMatch(/^2 gaps in TCP streams$/m);
});
