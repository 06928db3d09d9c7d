import type { Packet } from "../../packet/packet.js";
import { MAX_SURE_BYTES } from "../../packet/sequence-doubt.js";
import { StreamVerdict } from "../../plugin/hooks.js";
import { NO_REQUEST } from "../pairing/request-owner.js";
import { HEADER_INCOMPLETE, passProxyHeaders } from "./pass-proxy-headers.js";
import type { StreamConnection } from "./stream-connection.js";
import { StreamDecoderCalls } from "./stream-decoder-calls.js";
import type { StreamDirection } from "./stream-direction.js";
import type { StreamHost } from "./stream-host.js";
import type { StreamCounters, StreamLimits } from "./stream-limits.js";
import { type Reassign, StreamOffers } from "./stream-offers.js";
import { WaitingSegment } from "./waiting-segments.js";

/**
 * Orders the segments of a connection and passes them to its decoder: directly from the packet if they are in order, otherwise from
 * buffers. A connection whose decoder has ended does not have a delivery.
 */
export class StreamDelivery {
  readonly #host: StreamHost;
  readonly #limits: StreamLimits;
  readonly #counters: StreamCounters;
  readonly #offers: StreamOffers;
  readonly #calls: StreamDecoderCalls;

  constructor(host: StreamHost, limits: StreamLimits, counters: StreamCounters, reassign: Reassign) {
    this.#host = host;
    this.#calls = new StreamDecoderCalls(host);
    this.#limits = limits;
    this.#counters = counters;
    this.#offers = new StreamOffers(host, this.#calls, reassign);
  }

  /** Puts the packet's payload, whose first byte has number `sequence`, at its place in the stream. */
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
    // A retransmission may contain new bytes after old ones.
    const old = -ahead;
    const missing = Math.max(0, packet.payloadLengthBytes - (end - start));
    if (old >= end - start + missing) return;
    const from = Math.min(start + old, end);
    const cut = missing - Math.max(0, old - (end - start));
    this.#deliverThrough(connection, direction, bytes, from, end, cut, packet.tcpAcknowledgement);
    if (!direction.waiting.isEmpty) this.#drain(connection, direction);
  }

  /**
   * False for numbers far ahead of the stream that have not been confirmed yet. If they confirm a segment that was in doubt, that segment waits
   * from `arrival` on, with the acknowledgment of its own packet.
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
   * The other side has acknowledged the bytes before `acknowledged`: those that were not captured are lost, and those that
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

  /** Delivers all waiting bytes, gaps included. */
  flush(connection: StreamConnection, direction: StreamDirection): void {
    while (!direction.waiting.isEmpty && connection.decoder !== undefined) this.#closeGap(connection, direction);
  }

  /** Delivers waiting bytes, then ends both directions and the decoder. */
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
    this.#calls.end(connection, direction, this.#calls.rest(connection, direction, 0));
  }

  /** Discards the unconsumed bytes of a decoder because they exceed the limit of a connection. */
  dropHeld(connection: StreamConnection, direction: StreamDirection): void {
    this.#counters.overfullConnections++;
    this.#counters.gaps++;
    direction.hasLoss = true;
    this.#deliverGap(connection, direction, 0);
  }

  /** Delivers bytes that are next in order, and the part of them that the capture did not keep. */
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

  /** Delivers waiting bytes that are next in order now. */
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

  /** Gives up the first gap, and delivers the bytes that waited after it. */
  #closeGap(connection: StreamConnection, direction: StreamDirection): void {
    const { first } = direction.waiting;
    if (first === undefined || connection.decoder === undefined) return;
    const missing = (first.sequence - direction.next) | 0;
    if (missing > 0) this.#lose(connection, direction, missing, false);
    this.#drain(connection, direction);
  }

  /** Passes bytes that are next in order to the decoder, after those that it has not consumed. */
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
    const { packet } = this.#host.context;
    direction.lastTime.copy(packet.time);
    direction.lastFrameNumber = packet.frameNumber;
    const { held } = direction;
    let isHeld = held.length > 0;
    if (isHeld) held.append(bytes, from, end);
    if (connection.mayHaveProxyHeader && direction === connection.client) {
      const { tracker } = this.#host;
      const headers = isHeld
        ? passProxyHeaders(tracker, connection, held.bytes, held.start, held.end, false)
        : passProxyHeaders(tracker, connection, bytes, from, end, false);
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
      ? this.#calls.fill(connection, direction, held.bytes, held.start, held.end, acknowledgement)
      : this.#calls.fill(connection, direction, bytes, from, end, acknowledgement);
    let done = connection.offersLeft > 0 ? StreamVerdict.HandOver : this.#calls.decode(connection, direction, segment);
    if (done === StreamVerdict.HandOver) done = this.#offers.offer(connection, direction, segment, acknowledgement);
    else if (done === StreamVerdict.NotMine && !connection.isRecognised) {
      done = this.#offers.disown(connection, direction, segment, acknowledgement);
    }
    // The decoder of the plugin that recognizes the bytes could not be created, or no plugin recognizes them.
    if (connection.decoder === undefined) return;
    if (done < 0) {
      this.#calls.dismiss(connection, done);
      return;
    }
    if (done > 0 && connection.offersLeft === 0) this.#calls.recognise(connection);
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

  /** The next `lengthBytes` were not captured; `isAcknowledged`: their receiver acknowledged them. */
  #lose(connection: StreamConnection, direction: StreamDirection, lengthBytes: number, isAcknowledged: boolean): void {
    this.#counters.gaps++;
    if (isAcknowledged) this.#counters.missedBytes += lengthBytes;
    const passed = direction.advance(lengthBytes);
    direction.hasLoss = true;
    if (direction === connection.server) {
      const { outputs, context } = this.#host;
      outputs[connection.plugin]!.releaseTimedOut(connection, context.packet.arrival);
      connection.losses++;
      // The open requests show it.
      if (connection.newestRequest !== NO_REQUEST) direction.hasLoss = false;
    }
    if (passed > 0) this.#calls.missed(connection, direction, passed);
    if (passed < lengthBytes && connection.decoder !== undefined) {
      this.#deliverGap(connection, direction, lengthBytes - passed);
    }
  }

  /** Reports `lengthBytes` missing bytes to the decoder, with the bytes that it has not consumed. */
  #deliverGap(connection: StreamConnection, direction: StreamDirection, lengthBytes: number): void {
    if (connection.offersLeft > 0) {
      direction.held.clear();
      return;
    }
    const lost = lengthBytes + direction.held.length;
    const verdict = this.#calls.asOfLastBytes(direction, () =>
      this.#calls.gap(connection, direction, lost, this.#calls.rest(connection, direction, lengthBytes)),
    );
    direction.held.clear();
    if (verdict !== undefined) this.#calls.dismiss(connection, verdict);
  }
}
