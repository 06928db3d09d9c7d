import { StreamVerdict } from "../../plugin/hooks.js";
import { Verdict } from "../../plugin/verdict.js";
import type { CurrentSegment } from "./current-segment.js";
import { MAX_PROBED_SEGMENTS, type StreamConnection } from "./stream-connection.js";
import type { StreamDecoderCalls } from "./stream-decoder-calls.js";
import type { StreamDirection } from "./stream-direction.js";
import type { StreamHost } from "./stream-host.js";

/** Whether a connection, whose plugin refused its bytes or handed the stream over, was given to another plugin. */
export const Reassigned = {
  No: 0,
  Yes: 1,
  /** It may be given to one when more bytes arrive. */
  TooShort: 2,
} as const;

export type Reassigned = (typeof Reassigned)[keyof typeof Reassigned];

/** Offers a segment to the probes of plugins, and gives the connection to the plugin that recognizes it. */
export type Reassign = (connection: StreamConnection, segment: CurrentSegment) => Reassigned;

/** Maximum bytes of one direction that are held because they are too few for probes. */
const MAX_TOO_SHORT_BYTES = 16 * 1024;

/** Offers streams that a decoder has handed over or refused to the probes of plugins. */
export class StreamOffers {
  readonly #host: StreamHost;
  readonly #calls: StreamDecoderCalls;
  readonly #reassign: Reassign;
  /** The bytes last offered to probes are too few for them. */
  #isTooShort = false;

  constructor(host: StreamHost, calls: StreamDecoderCalls, reassign: Reassign) {
    this.#host = host;
    this.#calls = calls;
    this.#reassign = reassign;
  }

  /**
   * Offers a stream that its decoder has handed over to the probes; returns the result of the found plugin's decoder, or else skips the
   * bytes.
   */
  offer(
    connection: StreamConnection,
    direction: StreamDirection,
    segment: CurrentSegment,
    acknowledgement: number,
  ): number {
    if (connection.offersLeft === 0) {
      this.#calls.recognise(connection);
      connection.offersLeft = MAX_PROBED_SEGMENTS;
    }
    return this.#find(connection, direction, segment, acknowledgement) ?? this.#passOver(connection, segment);
  }

  /**
   * The bytes do not belong to the connection's plugin: they are offered to the probes of other plugins, and later bytes to all, as on an
   * unrecognized connection. For example, a web server answers a TLS ClientHello with an HTTP 400.
   */
  disown(
    connection: StreamConnection,
    direction: StreamDirection,
    segment: CurrentSegment,
    acknowledgement: number,
  ): number {
    const done = this.#find(connection, direction, segment, acknowledgement);
    if (done !== undefined) return done;
    if (connection.decoder === undefined) return 0;
    this.#host.count(connection.plugin, Verdict.NotMine);
    connection.isSeenFromStart = false;
    connection.offersLeft = MAX_PROBED_SEGMENTS;
    return this.#passOver(connection, segment);
  }

  /**
   * Offers a segment to probes, or else the other direction's held bytes. Returns the result of the found plugin's decoder for the segment,
   * which it receives after the held bytes, or undefined if no plugin is found.
   */
  #find(
    connection: StreamConnection,
    direction: StreamDirection,
    segment: CurrentSegment,
    acknowledgement: number,
  ): number | undefined {
    const { bytes, start, end } = segment;
    const other = direction === connection.client ? connection.server : connection.client;
    let reassigned = this.#reassign(connection, segment);
    this.#isTooShort = reassigned === Reassigned.TooShort && end - start < MAX_TOO_SHORT_BYTES;
    if (reassigned === Reassigned.No && other.held.length > 0 && connection.decoder !== undefined) {
      reassigned = this.#reassign(connection, this.#calls.rest(connection, other, 0));
    }
    if (reassigned === Reassigned.Yes) {
      if (other.held.length > 0) this.#calls.asOfLastBytes(other, () => this.#decodeHeld(connection, other));
      if (connection.decoder === undefined) return 0;
      if (connection.offersLeft > 0) reassigned = Reassigned.No;
    }
    const again = this.#calls.fill(connection, direction, bytes, start, end, acknowledgement);
    return reassigned === Reassigned.Yes ? this.#calls.decode(connection, direction, again) : undefined;
  }

  /** Passes the held bytes of a direction to a decoder that has not seen them. */
  #decodeHeld(connection: StreamConnection, direction: StreamDirection): void {
    const { held } = direction;
    const given = held.length;
    const done = this.#calls.decode(connection, direction, this.#calls.rest(connection, direction, 0));
    if (done === StreamVerdict.HandOver) {
      this.#calls.recognise(connection);
      connection.offersLeft = MAX_PROBED_SEGMENTS;
      held.clear();
      return;
    }
    if (done < 0) {
      this.#calls.dismiss(connection, done);
      return;
    }
    if (done > 0) this.#calls.recognise(connection);
    held.drop(Math.min(done, given));
    direction.passOver = Math.max(0, done - given);
  }

  /** No probe recognizes the segment: it is skipped, unless it is too short to judge. */
  #passOver(connection: StreamConnection, { start, end }: CurrentSegment): number {
    if (connection.decoder !== undefined && --connection.offersLeft === 0) connection.dismiss();
    return this.#isTooShort ? 0 : end - start;
  }
}
