import type { Packet } from "../packet/packet.js";
import { StreamVerdict } from "../plugin/hooks.js";
import { Verdict } from "../plugin/verdict.js";
import { CurrentSegment } from "./current-segment.js";
import type { StreamConnection } from "./stream-connection.js";
import type { StreamDirection } from "./stream-direction.js";
import type { StreamHost } from "./stream-host.js";
import type { StreamCounters, StreamLimits } from "./stream-limits.js";

/** A segment that is further ahead is not of this stream. */
const MAX_AHEAD_BYTES = 2 ** 30;

/** In place of a verdict where the decoder failed. */
const FAILED = -4;
const VERDICTS = "a number of bytes or a StreamVerdict";

/** Gives a connection whose plugin refuses its first bytes to another one; false where none knows them. */
export type Reassign = (connection: StreamConnection, segment: CurrentSegment) => boolean;

/**
 * Brings the segments of a connection in order and hands them to its decoder: straight from the packet where they come in order, out
 * of buffers where they do not. A connection whose decoder has ended has none.
 */
export class StreamDelivery {
  readonly #host: StreamHost;
  readonly #limits: StreamLimits;
  readonly #counters: StreamCounters;
  readonly #reassign: Reassign;
  readonly #segment = new CurrentSegment();

  constructor(host: StreamHost, limits: StreamLimits, counters: StreamCounters, reassign: Reassign) {
    this.#host = host;
    this.#limits = limits;
    this.#counters = counters;
    this.#reassign = reassign;
  }

  /** Puts the packet's payload, whose first byte has number `sequence`, where it belongs in the stream. */
  place(connection: StreamConnection, direction: StreamDirection, sequence: number, packet: Packet): void {
    if (!direction.isStarted) direction.startAt(sequence);
    const { bytes, start, end } = packet;
    const missing = Math.max(0, packet.payloadLengthBytes - (end - start));
    const ahead = (sequence - direction.next) | 0;
    if (ahead > 0 && ahead >= direction.passOver) {
      if (ahead >= MAX_AHEAD_BYTES) return;
      if (direction.waiting.isEmpty) direction.waitingSince = packet.time.nanoseconds;
      direction.waiting.add(sequence, packet);
      if (direction.waiting.lengthBytes > this.#limits.gapBytes) this.#closeGap(connection, direction);
      return;
    }
    if (ahead > 0) direction.advance(ahead);
    // A retransmission may bring new bytes after old ones.
    const old = Math.max(0, -ahead);
    if (old >= end - start + missing) return;
    const from = Math.min(start + old, end);
    this.#deliverThrough(connection, direction, bytes, from, end, missing - Math.max(0, old - (end - start)));
    if (!direction.waiting.isEmpty) this.#drain(connection, direction);
  }

  /** Delivers everything that waits, gaps included. */
  flush(connection: StreamConnection, direction: StreamDirection): void {
    while (!direction.waiting.isEmpty && connection.decoder !== undefined) this.#closeGap(connection, direction);
  }

  /** Delivers what waits, ends both directions and the decoder. */
  close(connection: StreamConnection): void {
    const { client, server } = connection;
    this.flush(connection, client);
    this.flush(connection, server);
    this.end(connection, client);
    this.end(connection, server);
    connection.dismiss();
  }

  /** Tells the decoder of the end of a direction, once. */
  end(connection: StreamConnection, direction: StreamDirection): void {
    if (direction.isEnded || connection.decoder === undefined) return;
    direction.isEnded = true;
    if (connection.decoder.end === undefined) return;
    this.#enter(connection);
    try {
      connection.decoder.end(direction === connection.server, direction.passOver);
      this.#leave(connection);
    } catch (error) {
      this.#fail(connection, "end", error);
      connection.dismiss();
    }
  }

  /** Takes from a decoder what it was not done with, because it is more than a connection may hold. */
  dropHeld(connection: StreamConnection, direction: StreamDirection): void {
    this.#counters.overfullConnections++;
    this.#deliverGap(connection, direction, 0);
  }

  /** Delivers bytes that come next and what the capture did not keep after them. */
  #deliverThrough(
    connection: StreamConnection,
    direction: StreamDirection,
    bytes: Uint8Array,
    start: number,
    end: number,
    missing: number,
  ): void {
    if (end > start) this.#deliver(connection, direction, bytes, start, end);
    if (missing > 0 && connection.decoder !== undefined) this.#deliverGap(connection, direction, missing);
  }

  /** Delivers what waited and comes next now. */
  #drain(connection: StreamConnection, direction: StreamDirection): void {
    const { waiting } = direction;
    const { packet } = this.#host.context;
    for (let segment = waiting.first; segment !== undefined; segment = waiting.first) {
      if (connection.decoder === undefined) return;
      const ahead = (segment.sequence - direction.next) | 0;
      if (ahead > 0) {
        if (ahead >= direction.passOver) break;
        direction.advance(ahead);
      }
      waiting.shift();
      const { bytes, missing } = segment;
      const old = Math.max(0, -ahead);
      if (connection.isWithoutPacket) segment.writeTime(packet);
      const lost = missing - Math.max(0, old - bytes.length);
      this.#deliverThrough(connection, direction, bytes, Math.min(old, bytes.length), bytes.length, lost);
    }
    direction.waitingSince = packet.time.nanoseconds;
  }

  /** Gives up the first gap, and delivers what waited after it. */
  #closeGap(connection: StreamConnection, direction: StreamDirection): void {
    const { first } = direction.waiting;
    if (first === undefined || connection.decoder === undefined) return;
    const missing = (first.sequence - direction.next) | 0;
    if (missing > 0) this.#deliverGap(connection, direction, missing);
    this.#drain(connection, direction);
  }

  /** Hands the decoder bytes that come next, after those that it was not done with. */
  #deliver(
    connection: StreamConnection,
    direction: StreamDirection,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    direction.next = (direction.next + (end - start)) | 0;
    const passed = Math.min(direction.passOver, end - start);
    direction.passOver -= passed;
    const from = start + passed;
    if (from === end) return;
    const { held } = direction;
    const segment = this.#segment;
    const isHeld = held.length > 0;
    if (isHeld) {
      held.append(bytes, from, end);
      segment.bytes = held.bytes;
      segment.start = held.start;
      segment.end = held.end;
    } else {
      segment.bytes = bytes;
      segment.start = from;
      segment.end = end;
    }
    const { packet } = this.#host.context;
    segment.isFromServer = direction === connection.server;
    segment.time = packet.time;
    segment.frameNumber = packet.frameNumber;
    let done = this.#decode(connection, segment);
    if (done === StreamVerdict.NotMine && !connection.isRecognised && this.#reassign(connection, segment)) {
      done = this.#decode(connection, segment);
    }
    // No decoder could be made for the plugin that knows the bytes.
    if (connection.decoder === undefined) return;
    if (done < 0) {
      this.#dismiss(connection, done);
      return;
    }
    if (done > 0) this.#recognise(connection);
    const given = segment.end - segment.start;
    if (done >= given) {
      direction.passOver = done - given;
      held.clear();
    } else if (isHeld) held.drop(done);
    else held.append(bytes, from + done, end);
  }

  #decode(connection: StreamConnection, segment: CurrentSegment): number {
    this.#enter(connection);
    let done: number;
    try {
      done = connection.decoder!.decode(segment);
      if (done >>> 0 !== done && !isStreamVerdict(done) && !isByteCount(done)) {
        done = this.#refuse(connection, "decode", done);
      }
      this.#leave(connection);
    } catch (error) {
      done = this.#fail(connection, "decode", error);
    }
    return done;
  }

  /** Tells the decoder of `lengthBytes` that are lost, and of those that it was not done with. */
  #deliverGap(connection: StreamConnection, direction: StreamDirection, lengthBytes: number): void {
    direction.next = (direction.next + lengthBytes) | 0;
    const passed = Math.min(direction.passOver, lengthBytes);
    direction.passOver -= passed;
    if (passed > 0 && passed === lengthBytes) return;
    const lost = lengthBytes - passed + direction.held.length;
    direction.held.clear();
    this.#counters.gaps++;
    connection.hasGap = true;
    this.#enter(connection);
    let verdict: number | undefined;
    try {
      verdict = connection.decoder!.gap(direction === connection.server, lost);
      if (verdict !== undefined && !isStreamVerdict(verdict)) verdict = this.#refuse(connection, "gap", verdict);
      this.#leave(connection);
    } catch (error) {
      verdict = this.#fail(connection, "gap", error);
    }
    if (verdict !== undefined) this.#dismiss(connection, verdict);
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

  #recognise(connection: StreamConnection): void {
    if (connection.isRecognised) return;
    connection.isRecognised = true;
    const { context, tracker } = this.#host;
    this.#host.count(connection.plugin, Verdict.Accepted);
    tracker.applications[connection.slot] = connection.plugin + 1;
    context.packet.application = connection.plugin + 1;
  }

  /** Ends a decoder by its own verdict. */
  #dismiss(connection: StreamConnection, verdict: number): void {
    const { context, tracker } = this.#host;
    if (verdict === StreamVerdict.Done) this.#recognise(connection);
    else if (verdict === StreamVerdict.Malformed) this.#host.count(connection.plugin, Verdict.Malformed);
    else if (verdict === StreamVerdict.NotMine) {
      this.#host.count(connection.plugin, Verdict.NotMine);
      if (connection.isRecognised) {
        tracker.applications[connection.slot] = 0;
        context.packet.application = 0;
      }
    }
    connection.dismiss();
  }

  #enter(connection: StreamConnection): void {
    const { packet } = this.#host.context;
    const isFromServer = packet.isFromLower !== connection.isClientLower;
    this.#host.outputs[connection.plugin]!.enterStream(isFromServer, connection.hasGap);
  }

  #leave(connection: StreamConnection): void {
    this.#host.outputs[connection.plugin]!.leaveStream();
  }
}

function isByteCount(value: number): boolean {
  return value >= 0 && Number.isSafeInteger(value);
}

function isStreamVerdict(value: number): boolean {
  return value === StreamVerdict.Done || value === StreamVerdict.NotMine || value === StreamVerdict.Malformed;
}
