import { registry } from "../../../../generated/registry.js";
import type { StreamDecoder, StreamSegment } from "../../../plugin/hooks.js";
import { definePlugin, type Plugin } from "../../../plugin/plugin.js";

/** What a {@link recordingPlugin} saw of one connection. */
export class RecordedStream {
  /** Bytes of both sides in the order of delivery; a gap is a list with its length. */
  readonly client: (Buffer | [number])[] = [];
  readonly server: (Buffer | [number])[] = [];
  /** Lengths of bytes that were skipped and not captured, of both sides. */
  readonly missed: number[] = [];
  /** Delivered bytes of both sides in order: texts, and lengths of gaps in brackets. */
  readonly order: string[] = [];
  readonly ends: string[] = [];

  /** All bytes of a side; a gap is written as `?` for each byte. */
  text(side: "client" | "server"): string {
    return this[side].map((part) => (Array.isArray(part) ? "?".repeat(part[0]) : part.toString("latin1"))).join("");
  }
}

/** How a {@link recordingPlugin} consumes its segments. */
export interface RecordingOptions {
  readonly tcpPorts?: readonly number[];
  /** Number of bytes that the decoder consumes, given those that it sees; default: all. */
  readonly take?: (length: number, isFromServer: boolean) => number;
  readonly probe?: Plugin["probe"];
}

/** A plugin on TCP port 7 that records what the stream engine passes to it, and the streams that it saw. */
export function recordingPlugin({ tcpPorts = [7], take = (length) => length, probe }: RecordingOptions = {}): {
  plugin: Plugin;
  streams: RecordedStream[];
} {
  const streams: RecordedStream[] = [];
  // Any plugin's table and codec will do: it does not make rows.
  const [{ table, codec } = missing()] = registry.plugins;
  const plugin = definePlugin({
    table,
    codec,
    limits: { pendingMaxEntries: 0, pendingTtlMs: 0 },
    options: [],
    captureFilter: "",
    bindings: { udpPorts: [], tcpPorts, ethertypes: [], ipProtocols: [], everyPacket: false },
    ...(probe === undefined ? {} : { probe }),
    createStreamDecoder: () => {
      const stream = new RecordedStream();
      streams.push(stream);
      return recordingDecoder(stream, take);
    },
  });
  return { plugin, streams };
}

function missing(): never {
  throw new Error("the registry is empty");
}

function recordingDecoder(stream: RecordedStream, take: NonNullable<RecordingOptions["take"]>): StreamDecoder {
  return {
    decode({ bytes, start, end, isFromServer }: StreamSegment): number {
      const done = take(end - start, isFromServer);
      if (done > 0) {
        const side = isFromServer ? stream.server : stream.client;
        const taken = Buffer.from(bytes.subarray(start, Math.min(end, start + done)));
        side.push(taken);
        stream.order.push(taken.toString("latin1"));
      }
      return done;
    },
    gap(isFromServer, lengthBytes) {
      (isFromServer ? stream.server : stream.client).push([lengthBytes]);
      stream.order.push(`[${lengthBytes}]`);
      return undefined;
    },
    missed(_isFromServer, lengthBytes) {
      stream.missed.push(lengthBytes);
    },
    end(isFromServer) {
      stream.ends.push(isFromServer ? "server" : "client");
    },
  };
}
