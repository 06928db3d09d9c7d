import { LossShown } from "../plugin/event-output.js";
import { StreamVerdict } from "../plugin/hooks.js";
import { CurrentSegment } from "./current-segment.js";
import type { StreamConnection } from "./stream-connection.js";
import type { StreamDirection } from "./stream-direction.js";
import type { StreamHost } from "./stream-host.js";

/** In place of a verdict where the decoder failed. */
export const FAILED = -5;
const VERDICTS = "a number of bytes or a StreamVerdict";

/** Calls the hooks of the decoders of streams; what one throws, or returns against its contract, is counted, and nothing more. */
export class StreamDecoderCalls {
  readonly #host: StreamHost;
  readonly #segment = new CurrentSegment();

  constructor(host: StreamHost) {
    this.#host = host;
  }

  /** Describes the last bytes before what comes next in a direction. */
  fill(
    { client, server }: StreamConnection,
    direction: StreamDirection,
    bytes: Uint8Array,
    start: number,
    end: number,
    acknowledgement: number,
  ): CurrentSegment {
    const segment = this.#segment;
    const { packet } = this.#host.context;
    const isFromServer = direction === server;
    const other = isFromServer ? client : server;
    segment.bytes = bytes;
    segment.start = start;
    segment.end = end;
    segment.isFromServer = isFromServer;
    segment.time = packet.time;
    segment.frameNumber = packet.frameNumber;
    segment.position = direction.position - (end - start);
    segment.acknowledged = other.position + ((acknowledgement - other.next) | 0);
    segment.otherPosition = other.position;
    return segment;
  }

  /** Hands a segment to the decoder: returns how many bytes it is done with, a verdict, or {@link FAILED}. */
  decode(connection: StreamConnection, direction: StreamDirection, segment: CurrentSegment): number {
    this.#enter(connection, direction, false);
    let done: number;
    try {
      done = connection.decoder!.decode(segment);
      if (done >>> 0 !== done && done !== StreamVerdict.HandOver && !isStreamVerdict(done) && !isByteCount(done)) {
        done = this.#refuse(connection, "decode", done);
      }
      this.#leave(connection, direction);
    } catch (error) {
      done = this.#fail(connection, "decode", error);
    }
    return done;
  }

  /** Reports `lost` bytes that are missing; returns a verdict that ends the decoder, if any. */
  gap(
    connection: StreamConnection,
    direction: StreamDirection,
    lost: number,
    rest: CurrentSegment,
  ): number | undefined {
    this.#enter(connection, direction, true);
    try {
      const verdict: number | undefined = connection.decoder!.gap(direction === connection.server, lost, rest);
      const isSound = verdict === undefined || isStreamVerdict(verdict);
      const returned = isSound ? verdict : this.#refuse(connection, "gap", verdict);
      this.#leave(connection, direction);
      return returned;
    } catch (error) {
      return this.#fail(connection, "gap", error);
    }
  }

  /** Reports bytes to the decoder that it passed over and that were not captured. */
  missed(connection: StreamConnection, direction: StreamDirection, lengthBytes: number): void {
    if (connection.decoder?.missed === undefined || connection.offersLeft > 0) return;
    this.#enter(connection, direction, true);
    try {
      connection.decoder.missed(direction === connection.server, lengthBytes);
      this.#leave(connection, direction);
    } catch (error) {
      this.#fail(connection, "missed", error);
      connection.dismiss();
    }
  }

  /** Reports the end of a direction. */
  end(connection: StreamConnection, direction: StreamDirection, rest: CurrentSegment): void {
    if (connection.decoder?.end === undefined || connection.offersLeft > 0) return;
    this.#enter(connection, direction, false);
    try {
      connection.decoder.end(direction === connection.server, direction.passOver, rest);
      this.#leave(connection, direction);
    } catch (error) {
      this.#fail(connection, "end", error);
      connection.dismiss();
    }
  }

  #fail({ plugin }: StreamConnection, hook: string, error: unknown): typeof FAILED {
    const { faults, context, outputs } = this.#host;
    outputs[plugin]!.discard();
    faults.thrown(plugin, hook, error, context.packet.frameNumber);
    return FAILED;
  }

  #refuse({ plugin }: StreamConnection, hook: string, value: unknown): typeof FAILED {
    const { faults, context } = this.#host;
    faults.returned(plugin, hook, value, VERDICTS, context.packet.frameNumber);
    return FAILED;
  }

  /** The decoder is about to be called for a direction; `isLoss` where the call reports bytes that are not here. */
  #enter(connection: StreamConnection, direction: StreamDirection, isLoss: boolean): void {
    const { packet } = this.#host.context;
    const isFromServer = packet.isFromLower !== connection.isClientLower;
    const { client, server } = connection;
    const own = isLoss || direction.hasLoss;
    const any = own || client.hasLoss || server.hasLoss;
    this.#host.outputs[connection.plugin]!.enterStream(connection, isFromServer, direction === server, own, any);
  }

  /** The decoder has returned; the rows that it made show what was lost. */
  #leave(connection: StreamConnection, direction: StreamDirection): void {
    const shown = this.#host.outputs[connection.plugin]!.leaveStream();
    if (shown === LossShown.None) return;
    direction.hasLoss = false;
    if (shown === LossShown.Any) {
      connection.client.hasLoss = false;
      connection.server.hasLoss = false;
    }
  }
}
function isByteCount(value: number): boolean {
  return value >= 0 && Number.isSafeInteger(value);
}

/** True for a verdict that ends the decoder. */
function isStreamVerdict(value: number): boolean {
  return value === StreamVerdict.Done || value === StreamVerdict.NotMine || value === StreamVerdict.Malformed;
}
