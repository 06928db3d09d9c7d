import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../plugin/testing/tcp-conversation.js";
import { ECHO } from "./testing/connection.js";
import { recordingPlugin } from "./testing/recording-plugin.js";

describe("budgets", () => {
  const fill = (bench: DecoderBench, count: number) => {
    for (let i = 0; i < count; i++) {
      const connection = new TcpConversation(bench, { serverPort: ECHO, clientPort: 50_000 + i });
      connection.open();
      connection.client("x".repeat(1400));
    }
  };

  it("of all connections evict the one that has buffered bytes for the longest time", () => {
    const { plugin, streams } = recordingPlugin({ take: () => 0 });
    const bench = DecoderBench.configured({ limits: { stream_total_bytes: 4096 } }, plugin);
    fill(bench, 4);
    expect(bench.engineCounters().evictedByTotal).toBe(2);
    expect(streams.map(({ ends }) => ends.length)).toEqual([2, 2, 0, 0]);
  });

  it("of a plugin do the same", () => {
    const { plugin, streams } = recordingPlugin({ take: () => 0 });
    const bench = DecoderBench.configured({ limits: { stream_plugin_bytes: 4096 } }, plugin);
    fill(bench, 3);
    expect(bench.engineCounters().evictedByPlugin).toBe(1);
    expect(streams.map(({ ends }) => ends.length)).toEqual([2, 0, 0]);
  });
});
