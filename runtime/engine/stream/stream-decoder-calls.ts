import { StreamVerdict } from "../../plugin/hooks.js";
import { Verdict } from "../../plugin/verdict.js";
import { LossShown } from "../rows/event-output.js";
import { CurrentSegment } from "./current-segment.js";
import { passProxyHeaders } from "./pass-proxy-headers.js";
import type { StreamConnection } from "./stream-connection.js";
import type { StreamDirection } from "./stream-direction.js";
import type { StreamHost } from "./stream-host.js";

/** In place of a verdict if the decoder failed. */
const FAILED = -5;
const VERDICTS = "a number of bytes or a StreamVerdict";

/** Calls the hooks of stream decoders and acts on their verdicts; errors and invalid return values are counted. */
export class StreamDecoderCalls {
  readonly #host: StreamHost;
  readonly #segment = new CurrentSegment();

  constructor(host: StreamHost) {
    this.#host = host;
  }

  /** Describes `bytes[start, end)` to a decoder: they end at the direction's next byte. */
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

  /** Passes a segment to the decoder: returns the number of consumed bytes, a verdict, or {@link FAILED}. */
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

  /** Reports `lost` missing bytes; returns a verdict if it ends the decoder. */
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

  /** Reports bytes to the decoder that it skipped and that were not captured. */
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

  /** Runs `deliver` with the time and the number of the packet that brought the last bytes of the direction. */
  asOfLastBytes<Result>({ lastFrameNumber, lastTime }: StreamDirection, deliver: () => Result): Result {
    if (lastFrameNumber === 0) return deliver();
    const { packet } = this.#host.context;
    const { frameNumber, time } = packet;
    const { high, low } = time;
    time.copy(lastTime);
    packet.frameNumber = lastFrameNumber;
    const result = deliver();
    time.high = high;
    time.low = low;
    packet.frameNumber = frameNumber;
    return result;
  }

  /** The bytes of a direction that the decoder has not consumed, before `lengthBytes` lost bytes. */
  rest(connection: StreamConnection, direction: StreamDirection, lengthBytes: number): CurrentSegment {
    const { held } = direction;
    if (connection.mayHaveProxyHeader && direction === connection.client) {
      held.drop(passProxyHeaders(this.#host.tracker, connection, held.bytes, held.start, held.end, true));
    }
    const { bytes, start, end } = held;
    const segment = this.fill(connection, direction, bytes, start, end, direction.heldAcknowledgement);
    segment.position -= lengthBytes;
    return segment;
  }

  /** Records that the connection certainly belongs to its plugin. */
  recognise(connection: StreamConnection): void {
    if (connection.isRecognised) return;
    connection.isRecognised = true;
    const { context, tracker } = this.#host;
    this.#host.count(connection.plugin, Verdict.Accepted);
    tracker.setApplication(connection.slot, connection.plugin + 1);
    tracker.learnClientOf(connection.slot, connection.isClientLower);
    context.packet.application = connection.plugin + 1;
  }

  /** Ends a decoder by its own verdict. */
  dismiss(connection: StreamConnection, verdict: number): void {
    const { context, tracker } = this.#host;
    if (verdict === StreamVerdict.Done) this.recognise(connection);
    else if (verdict === StreamVerdict.Malformed) this.#host.count(connection.plugin, Verdict.Malformed);
    else if (verdict === StreamVerdict.NotMine) {
      this.#host.count(connection.plugin, Verdict.NotMine);
      if (connection.isRecognised) {
        tracker.setApplication(connection.slot, 0);
        context.packet.application = 0;
      }
    }
    connection.dismiss();
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

  /** The decoder is about to be called for a direction; `isLoss`: the call reports missing bytes. */
  #enter(connection: StreamConnection, direction: StreamDirection, isLoss: boolean): void {
    const { packet } = this.#host.context;
    const isFromServer = packet.isFromLower !== connection.isClientLower;
    const { client, server } = connection;
    const own = isLoss || direction.hasLoss;
    const any = own || client.hasLoss || server.hasLoss;
    this.#host.outputs[connection.plugin]!.enterStream(connection, isFromServer, direction === server, own, any);
  }

  /** The decoder has returned; the rows that it made show the losses. */
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

/** Whether a verdict ends the decoder. */
function isStreamVerdict(value: number): boolean {
  return value === StreamVerdict.Done || value === StreamVerdict.NotMine || value === StreamVerdict.Malformed;
}
