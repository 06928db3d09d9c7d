import type { Datagram, Packet } from "../packet/packet.js";
import type { Timestamp } from "../record/timestamp.js";
import type { ConversationEnd } from "./conversation-end.js";
import type { EventRecord } from "./event-record.js";
import type { Output } from "./output.js";
import type { Verdict } from "./verdict.js";

/** Hook `decodeDatagram`: one UDP payload, `datagram.bytes[datagram.start, datagram.end)`. */
export type DatagramDecoder<Record extends EventRecord> = (datagram: Datagram, out: Output<Record>) => Verdict;

/** Hook `decodeFrame`: the payload of an Ethernet type or of an IP protocol, `packet.bytes[packet.start, packet.end)`. */
export type FrameDecoder<Record extends EventRecord> = (packet: Readonly<Packet>, out: Output<Record>) => Verdict;

/** The first bytes of a conversation in one direction, `payload.bytes[payload.start, payload.end)`. */
export interface Payload {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** 17 for a datagram, 6 for the start of a stream. */
  readonly ipProtocol: number;
}

/** What a {@link Probe} returns about the sender of a payload that it recognizes. */
export const Sender = { Client: 1, Server: 2, Unknown: 3 } as const;

export type Sender = (typeof Sender)[keyof typeof Sender];

/** What a {@link Probe} returns for the beginning of a stream that is too short to judge; it is called again when more bytes have arrived. */
export const TOO_SHORT = 4;

/**
 * Hook `probe`, called for payloads on ports that no plugin is bound to. Returns who sent the payload, `true` if the payload is certainly
 * of this protocol and does not show the sender, or `false` if it is not. Of a stream it receives the first bytes of either direction; the
 * verdict applies to the whole conversation. {@link TOO_SHORT} asks for more bytes of a stream; for a datagram it means `false`.
 */
export type Probe = (payload: Payload) => Sender | typeof TOO_SHORT | boolean;

/** Hook `createStreamDecoder`: called once for each TCP connection that belongs to this plugin. */
export type StreamDecoderFactory<Record extends EventRecord> = (
  connection: Connection,
  out: Output<Record>,
) => StreamDecoder;

/** State of a TCP connection. Rows of a stream have its client as their source, whichever side sent the bytes. */
export interface Connection {
  readonly clientPort: number;
  readonly serverPort: number;
  /** The connection was seen from its first SYN on, so the first bytes of each direction are the start of the stream. */
  readonly isSeenFromStart: boolean;
}

/** Bytes of one direction of a stream, in order: `segment.bytes[segment.start, segment.end)`. Reused: valid during the call only. */
export interface StreamSegment extends Payload {
  readonly isFromServer: boolean;
  /** Capture time of the packet that completed these bytes. */
  readonly time: Timestamp;
  /** Number of that packet. */
  readonly frameNumber: number;
  /** Number of bytes of this direction before `start`, lost ones included, counted from where the stream is followed. */
  readonly position: number;
  /** Number of bytes of the other direction that the sender had acknowledged when it sent the last of these bytes, counted likewise. */
  readonly acknowledged: number;
  /** Number of bytes of the other direction that were delivered or lost so far, counted likewise. */
  readonly otherPosition: number;
}

/** What {@link StreamDecoder.decode} returns instead of a number of bytes. Each value ends the decoder; the connection is then not followed. */
export const StreamVerdict = {
  /** The decoder needs nothing more of this connection. */
  Done: -1,
  /**
   * The bytes belong to another protocol. If the decoder has not consumed any bytes yet, these bytes and later ones are offered to probes, as
   * on an unrecognized connection.
   */
  NotMine: -2,
  /** The bytes claim to be of this protocol and break its rules. */
  Malformed: -3,
  /**
   * From here on, both directions carry another protocol: the given bytes and all later ones are offered to the probes of
   * all plugins, as on an unrecognized connection. Only from `decode`.
   */
  HandOver: -4,
} as const;

/** Decodes both directions of one TCP connection. A decoder is dropped without notice when the connection ends within a message. */
export interface StreamDecoder {
  /**
   * Receives the next bytes of one direction and returns how many of them it has consumed. The others are passed again, followed by
   * the next ones, as long as the direction's buffer has room. A number beyond the given bytes also skips bytes that have not
   * arrived yet, which are then not buffered. A {@link StreamVerdict} ends the decoder.
   *
   * Bytes that the peer has acknowledged were delivered before, or reported as lost: the sender of this direction had received them when it
   * sent these bytes.
   */
  decode(segment: StreamSegment): number;
  /**
   * `lengthBytes` of one direction are missing. Bytes that `decode` has not consumed are part of them, and are passed for the last
   * time as `rest`. The stream continues after them. A {@link StreamVerdict} ends the decoder, `undefined` lets it continue.
   */
  gap(isFromServer: boolean, lengthBytes: number, rest: StreamSegment): number | undefined;
  /** `lengthBytes` of the bytes that `decode` skipped were not captured. The next bytes are the same as without the loss. */
  missed?(isFromServer: boolean, lengthBytes: number): void;
  /**
   * One direction ended (FIN), or both did (RST, timeout, end of input); reported once for each. `unseenBytes` is the number of skipped
   * bytes that had not arrived; `rest` are the bytes that `decode` has not consumed, as far as they are buffered.
   */
  end?(isFromServer: boolean, unseenBytes: number, rest: StreamSegment): void;
}

/** Hook `createPacketObserver`: called once for each capture, with the output of that capture. */
export type PacketObserverFactory<Record extends EventRecord> = (out: ObserverOutput<Record>) => PacketObserver;

/** Sees every packet, after the decoders. */
export interface PacketObserver {
  /** The packet's `conversation`, if it has one, is a slot below {@link ObserverOutput.maxConversations}. */
  observe(packet: Readonly<Packet>): void;
  /**
   * Most likely, packets of the conversations in the first `count` of `slots` come next. An observer with much memory for each may read it
   * now to fill the caches. It must not emit rows: there is no current packet.
   */
  readAhead?(slots: Int32Array, count: number): void;
  /**
   * The clock jump of the packet observed last was wrong: that packet arrived at `now` at the latest. An observer that keeps arrivals corrects
   * them. It must not emit rows.
   */
  rewind?(now: number): void;
  /** A conversation ended; afterwards the slot belongs to another one. At the end of the input all conversations end. */
  endConversation(slot: number, end: ConversationEnd): void;
}

/** Output of a packet observer, whose rows cover many packets. */
export interface ObserverOutput<Record extends EventRecord> {
  /**
   * The record to fill. All fields are at their zero values at the start of each call and after each `emitObserved`. Read it from here in
   * each call, or once in the factory.
   */
  readonly record: Record;
  /** Maximum number of concurrent conversations. */
  readonly maxConversations: number;
  /** Fills the record's observation from a packet; `emitObserved` then keeps it. */
  observe(packet: Readonly<Packet>): void;
  /** As `observe`, with the packet's receiver as the source. */
  observeReversed(packet: Readonly<Packet>): void;
  /**
   * Whether the sender of the packet, which belongs to the conversation in `slot`, is that conversation's client. The TCP handshake decides
   * first, then decoders, then ports: the server's port is one of a protocol, below 1024, or the lower port of TCP. Otherwise the sender is
   * the client.
   */
  isFromClient(packet: Readonly<Packet>, slot: number): boolean;
  /** Emits the record as a row with the observation that the observer put in it. */
  emitObserved(): void;
  /** Resource name of the plugin with this {@link Packet.application}, or the empty string for 0. */
  applicationName(application: number): string;
  /** Value of one of the options that the event declares. */
  option(name: string): string;
}
