import type { Packet } from "../packet/packet.js";
import { LossShown } from "../plugin/event-output.js";
import { StreamVerdict } from "../plugin/hooks.js";
import { NO_REQUEST } from "../plugin/request-owner.js";
import { Verdict } from "../plugin/verdict.js";
import { MAX_SURE_BYTES } from "../wire/sequence-doubt.js";
import { CurrentSegment } from "./current-segment.js";
import { HEADER_INCOMPLETE, passProxyHeaders } from "./pass-proxy-headers.js";
import { MAX_PROBED_SEGMENTS, type StreamConnection } from "./stream-connection.js";
import type { StreamDirection } from "./stream-direction.js";
import type { StreamHost } from "./stream-host.js";
import type { StreamCounters, StreamLimits } from "./stream-limits.js";
import { WaitingSegment } from "./waiting-segments.js";

/** In place of a verdict where the decoder failed. */
const FAILED = -5;
const VERDICTS = "a number of bytes or a StreamVerdict";

/** Gives a connection, whose plugin refuses its first bytes or hands the stream over, to one that knows them; false where none does. */
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
    const ahead = (sequence - direction.next) | 0;
    if (ahead > 0) {
      if (!this.believe(connection, direction, sequence, packet.payloadLengthBytes, packet.arrival)) {
        const captured = bytes.slice(start, end);
        direction.doubtful = new WaitingSegment(
          sequence,
          captured,
          packet.payloadLengthBytes - captured.length,
          packet,
        );
        return;
      }
      if (direction.waiting.isEmpty) direction.waitingSince = packet.arrival;
      direction.waiting.add(sequence, packet, (direction.next + direction.passOver) | 0);
      const isAcknowledged = ((direction.acknowledged - sequence) | 0) >= 0;
      if (isAcknowledged) this.giveUp(connection, direction, direction.acknowledged);
      else if (direction.waiting.lengthBytes > this.#limits.gapBytes) this.#closeGap(connection, direction);
      return;
    }
    // A retransmission may bring new bytes after old ones.
    const old = -ahead;
    const missing = Math.max(0, packet.payloadLengthBytes - (end - start));
    if (old >= end - start + missing) return;
    const from = Math.min(start + old, end);
    const cut = missing - Math.max(0, old - (end - start));
    this.#deliverThrough(connection, direction, bytes, from, end, cut, packet.tcpAcknowledgement);
    if (!direction.waiting.isEmpty) this.#drain(connection, direction);
  }

  /**
   * False for numbers far ahead of the stream that nothing has confirmed yet. Where they confirm a segment that was in doubt, that waits from
   * `arrival` on, and its sender had what it acknowledged with it.
   */
  believe(
    connection: StreamConnection,
    direction: StreamDirection,
    sequence: number,
    lengthBytes: number,
    arrival: number,
  ): boolean {
    if (!direction.believes(sequence, lengthBytes)) return false;
    const { doubtful, waiting } = direction;
    if (doubtful === undefined || ((sequence - direction.next) | 0) <= MAX_SURE_BYTES) return true;
    direction.doubtful = undefined;
    if (waiting.isEmpty) direction.waitingSince = arrival;
    waiting.put(doubtful);
    const other = direction === connection.client ? connection.server : connection.client;
    if (other.isStarted) this.giveUp(connection, other, doubtful.acknowledgement);
    return true;
  }

  /**
   * The other side has acknowledged the bytes before `acknowledged`: those of them that were not captured will not come, and those that
   * wait are delivered.
   */
  giveUp(connection: StreamConnection, direction: StreamDirection, acknowledged: number): void {
    const until = direction.boundByFinal(acknowledged);
    while (connection.decoder !== undefined) {
      const missing = (until - direction.next) | 0;
      if (missing <= 0) return;
      const { first } = direction.waiting;
      const toFirst = first === undefined ? missing : (first.sequence - direction.next) | 0;
      this.#lose(connection, direction, Math.min(missing, toFirst), true);
      this.#drain(connection, direction);
    }
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

  /** Reports the end of a direction to the decoder, once. */
  end(connection: StreamConnection, direction: StreamDirection): void {
    if (direction.isEnded || connection.decoder === undefined) return;
    direction.isEnded = true;
    if (connection.decoder.end === undefined || connection.offersLeft > 0) return;
    this.#enter(connection, direction, false);
    try {
      const rest = this.#rest(connection, direction, 0);
      connection.decoder.end(direction === connection.server, direction.passOver, rest);
      this.#leave(connection, direction);
    } catch (error) {
      this.#fail(connection, "end", error);
      connection.dismiss();
    }
  }

  /** Takes from a decoder what it was not done with, because it is more than a connection may hold. */
  dropHeld(connection: StreamConnection, direction: StreamDirection): void {
    this.#counters.overfullConnections++;
    this.#counters.gaps++;
    direction.hasLoss = true;
    this.#deliverGap(connection, direction, 0);
  }

  /** Delivers bytes that come next and what the capture did not keep after them. */
  #deliverThrough(
    connection: StreamConnection,
    direction: StreamDirection,
    bytes: Uint8Array,
    start: number,
    end: number,
    cut: number,
    acknowledgement: number,
  ): void {
    if (end > start) this.#deliver(connection, direction, bytes, start, end, acknowledgement);
    if (cut === 0 || connection.decoder === undefined) return;
    if (direction.advance(cut) === cut) return;
    direction.hasLoss = true;
    this.#counters.gaps++;
    this.#deliverGap(connection, direction, cut);
  }

  /** Delivers what waited and comes next now. */
  #drain(connection: StreamConnection, direction: StreamDirection): void {
    const { waiting } = direction;
    const { packet } = this.#host.context;
    for (let segment = waiting.first; segment !== undefined; segment = waiting.first) {
      if (connection.decoder === undefined) return;
      const ahead = (segment.sequence - direction.next) | 0;
      if (ahead > 0) break;
      waiting.shift();
      const { bytes, missing } = segment;
      const old = -ahead;
      if (connection.isWithoutPacket) segment.writeTime(packet);
      const cut = Math.max(0, missing - Math.max(0, old - bytes.length));
      const from = Math.min(old, bytes.length);
      this.#deliverThrough(connection, direction, bytes, from, bytes.length, cut, segment.acknowledgement);
    }
    direction.waitingSince = packet.arrival;
  }

  /** Gives up the first gap, and delivers what waited after it. */
  #closeGap(connection: StreamConnection, direction: StreamDirection): void {
    const { first } = direction.waiting;
    if (first === undefined || connection.decoder === undefined) return;
    const missing = (first.sequence - direction.next) | 0;
    if (missing > 0) this.#lose(connection, direction, missing, false);
    this.#drain(connection, direction);
  }

  /** Hands the decoder bytes that come next, after those that it was not done with. */
  #deliver(
    connection: StreamConnection,
    direction: StreamDirection,
    bytes: Uint8Array,
    start: number,
    end: number,
    acknowledgement: number,
  ): void {
    let from = start + direction.advance(end - start);
    if (from === end) return;
    const { held } = direction;
    let isHeld = held.length > 0;
    if (isHeld) held.append(bytes, from, end);
    if (connection.mayHaveProxyHeader && direction === connection.client) {
      const headers = isHeld
        ? passProxyHeaders(connection, held.bytes, held.start, held.end, false)
        : passProxyHeaders(connection, bytes, from, end, false);
      if (headers === HEADER_INCOMPLETE) {
        direction.heldAcknowledgement = acknowledgement;
        if (!isHeld) held.append(bytes, from, end);
        return;
      }
      if (isHeld) {
        held.drop(headers);
        isHeld = held.length > 0;
      } else from += headers;
      if (!isHeld && from === end) return;
    }
    const segment = isHeld
      ? this.#fill(connection, direction, held.bytes, held.start, held.end, acknowledgement)
      : this.#fill(connection, direction, bytes, from, end, acknowledgement);
    let done = connection.offersLeft > 0 ? StreamVerdict.HandOver : this.#decode(connection, direction, segment);
    if (done === StreamVerdict.HandOver) done = this.#offer(connection, direction, segment);
    else if (done === StreamVerdict.NotMine && !connection.isRecognised) {
      done = this.#disown(connection, direction, segment);
    }
    // No decoder could be made for the plugin that knows the bytes, or none knows them.
    if (connection.decoder === undefined) return;
    if (done < 0) {
      this.#dismiss(connection, done);
      return;
    }
    if (done > 0 && connection.offersLeft === 0) this.#recognise(connection);
    const given = segment.end - segment.start;
    if (done >= given) {
      direction.passOver = done - given;
      held.clear();
    } else {
      direction.heldAcknowledgement = acknowledgement;
      if (isHeld) held.drop(done);
      else held.append(bytes, from + done, end);
    }
  }

  /** Offers a stream that its decoder has handed over to the probes; returns what the decoder of the plugin found does, or else passes it over. */
  #offer(connection: StreamConnection, direction: StreamDirection, segment: CurrentSegment): number {
    if (connection.offersLeft === 0) {
      this.#recognise(connection);
      connection.offersLeft = MAX_PROBED_SEGMENTS;
    }
    if (this.#reassign(connection, segment)) return this.#decode(connection, direction, segment);
    if (connection.decoder !== undefined && --connection.offersLeft === 0) connection.dismiss();
    return segment.end - segment.start;
  }

  /**
   * The bytes do not belong to the connection's plugin: they are offered to the probes of other plugins, and later bytes to all, as on an
   * unrecognized connection. For example, a web server answers a TLS ClientHello with an HTTP 400.
   */
  #disown(connection: StreamConnection, direction: StreamDirection, segment: CurrentSegment): number {
    if (this.#reassign(connection, segment)) return this.#decode(connection, direction, segment);
    if (connection.decoder === undefined) return 0;
    this.#host.count(connection.plugin, Verdict.NotMine);
    connection.isSeenFromStart = false;
    connection.offersLeft = MAX_PROBED_SEGMENTS - 1;
    return segment.end - segment.start;
  }

  /** What the decoder was not done with in a direction, before `lengthBytes` that were lost. */
  #rest(connection: StreamConnection, direction: StreamDirection, lengthBytes: number): CurrentSegment {
    const { held } = direction;
    if (connection.mayHaveProxyHeader && direction === connection.client) {
      held.drop(passProxyHeaders(connection, held.bytes, held.start, held.end, true));
    }
    const { bytes, start, end } = held;
    const segment = this.#fill(connection, direction, bytes, start, end, direction.heldAcknowledgement);
    segment.position -= lengthBytes;
    return segment;
  }

  /** Describes the last bytes before what comes next in a direction. */
  #fill(
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

  #decode(connection: StreamConnection, direction: StreamDirection, segment: CurrentSegment): number {
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

  /** `lengthBytes` that come next were not captured; `isAcknowledged` where their receiver had them. */
  #lose(connection: StreamConnection, direction: StreamDirection, lengthBytes: number, isAcknowledged: boolean): void {
    this.#counters.gaps++;
    if (isAcknowledged) this.#counters.missedBytes += lengthBytes;
    const passed = direction.advance(lengthBytes);
    direction.hasLoss = true;
    if (direction === connection.server) {
      connection.losses++;
      // The open requests show it.
      if (connection.firstRequest !== NO_REQUEST) direction.hasLoss = false;
    }
    if (passed > 0) this.#deliverMissed(connection, direction, passed);
    if (passed < lengthBytes && connection.decoder !== undefined) {
      this.#deliverGap(connection, direction, lengthBytes - passed);
    }
  }

  /** Reports bytes to the decoder that it passed over and that were not captured. */
  #deliverMissed(connection: StreamConnection, direction: StreamDirection, lengthBytes: number): void {
    if (connection.decoder!.missed === undefined || connection.offersLeft > 0) return;
    this.#enter(connection, direction, true);
    try {
      connection.decoder!.missed(direction === connection.server, lengthBytes);
      this.#leave(connection, direction);
    } catch (error) {
      this.#fail(connection, "missed", error);
      connection.dismiss();
    }
  }

  /** Reports `lengthBytes` that are missing to the decoder, with those that it was not done with. */
  #deliverGap(connection: StreamConnection, direction: StreamDirection, lengthBytes: number): void {
    if (connection.offersLeft > 0) {
      direction.held.clear();
      return;
    }
    const lost = lengthBytes + direction.held.length;
    const rest = this.#rest(connection, direction, lengthBytes);
    this.#enter(connection, direction, true);
    let verdict: number | undefined;
    try {
      verdict = connection.decoder!.gap(direction === connection.server, lost, rest);
      if (verdict !== undefined && !isStreamVerdict(verdict)) verdict = this.#refuse(connection, "gap", verdict);
      this.#leave(connection, direction);
    } catch (error) {
      verdict = this.#fail(connection, "gap", error);
    }
    direction.held.clear();
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
    tracker.setApplication(connection.slot, connection.plugin + 1);
    tracker.learnClientOf(connection.slot, connection.isClientLower);
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
        tracker.setApplication(connection.slot, 0);
        context.packet.application = 0;
      }
    }
    connection.dismiss();
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
