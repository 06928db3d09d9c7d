import fc from "fast-check";
import { recordingPlugin } from "../../../runtime/engine/stream/testing/recording-plugin.js";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../../runtime/plugin/testing/tcp-conversation.js";
import type { FuzzTarget } from "../fuzz-target.js";

const STREAM_BYTES = 400;

/** TCP streams: however segments are split, reordered, repeated and overlapped, the bytes delivered are those sent. */
export const streamsTarget: FuzzTarget = {
  name: "streams",
  share: 0.03,
  prepare() {
    const sent = Buffer.from(Array.from({ length: STREAM_BYTES }, (_, i) => (i * 31) & 255));
    const piece = fc.record({ start: fc.nat(STREAM_BYTES - 1), length: fc.integer({ min: 1, max: 150 }) });
    const input = fc.record({
      pieces: fc.array(piece, { maxLength: 12 }),
      sequence: fc.nat(0xffffffff),
      least: fc.integer({ min: 1, max: 100 }),
    });
    let taken = 1;
    const { plugin, streams } = recordingPlugin({
      take: (length) => (length >= taken ? length - (length % taken) : 0),
    });
    const bench = DecoderBench.configured({ limits: { conversations: 64 } }, plugin);
    let inputs = 0;
    return fc.property(input, ({ pieces, sequence, least }) => {
      taken = least;
      streams.length = 0;
      const clientPort = 1024 + (inputs++ % 60_000);
      const connection = new TcpConversation(bench, { serverPort: 7, clientPort, clientSequence: sequence });
      connection.open();
      for (const { start, length } of pieces) {
        connection.clientSegment(sent.subarray(start, start + length), { offset: start });
      }
      for (let at = 0; at < STREAM_BYTES; at += 100)
        connection.clientSegment(sent.subarray(at, at + 100), { offset: at });
      const delivered = streams[0]!.text("client");
      const expected = sent.toString("latin1").slice(0, delivered.length);
      if (delivered !== expected || STREAM_BYTES - delivered.length >= taken)
        throw new Error("other bytes were delivered than sent");
    });
  },
};
