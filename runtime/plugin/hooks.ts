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

/** What a {@link Probe} returns about the sender of a payload that it recognises. */
export const Sender = { Client: 1, Server: 2, Unknown: 3 } as const;

export type Sender = (typeof Sender)[keyof typeof Sender];

/** What a {@link Probe} returns of the beginning of a stream that is too short to judge; it is asked again with the bytes that follow. */
export const TOO_SHORT = 4;

/**
 * Hook `probe`: who sent the payload, or `true` where the bytes do not show that, when it is surely of this protocol, on a port that is bound to
 * no plugin; `false` when it is not. Of a stream it sees the first bytes of either direction; the verdict holds for the whole conversation.
 * {@link TOO_SHORT} where more bytes of a stream are needed; for a datagram that is as `false`.
 */
export type Probe = (payload: Payload) => Sender | typeof TOO_SHORT | boolean;

/** Hook `createStreamDecoder`: called once for each TCP connection that is this plugin's. */
export type StreamDecoderFactory<Record extends EventRecord> = (
  connection: Connection,
  out: Output<Record>,
) => StreamDecoder;

/** What is known of a TCP connection. Rows of a stream have its client as their source, whichever side sent their bytes. */
export interface Connection {
  readonly clientPort: number;
  readonly serverPort: number;
  /** The connection was seen from its first SYN on, so that the first bytes of each direction are the stream's first. */
  readonly isSeenFromStart: boolean;
}

/** Bytes of one direction of a stream, in order: `segment.bytes[segment.start, segment.end)`. Reused: valid during the call only. */
export interface StreamSegment extends Payload {
  readonly isFromServer: boolean;
  /** Capture time of the packet that completed these bytes. */
  readonly time: Timestamp;
  /** Number of that packet. */
  readonly frameNumber: number;
  /** Bytes of this direction before `start`, lost ones included, from where the stream is followed. */
  readonly position: number;
  /** Bytes of the other direction that the sender had received when it sent the last of these, counted likewise, as it acknowledged them. */
  readonly acknowledged: number;
  /** Bytes of the other direction that were delivered so far, or are lost, counted likewise. */
  readonly otherPosition: number;
}

/** What {@link StreamDecoder.decode} returns instead of a number of bytes; each ends the decoder, and the connection costs nothing more. */
export const StreamVerdict = {
  /** Nothing more is wanted of this connection. */
  Done: -1,
  /**
   * The bytes belong to another protocol. If the decoder has not consumed any bytes yet, these bytes and later ones are offered to probes, as
   * on an unrecognized connection.
   */
  NotMine: -2,
  /** The bytes claim to be this protocol's and break its rules. */
  Malformed: -3,
  /**
   * The protocol carries another one from here on, in both directions: the bytes given and all that come later are offered to the probes of
   * all plugins, as on an unrecognized connection. From `decode` only.
   */
  HandOver: -4,
} as const;

/** Decodes both directions of one TCP connection. A decoder that an end of the connection finds in the middle is simply dropped. */
export interface StreamDecoder {
  /**
   * Takes what comes next in one direction and returns how many of the bytes it is done with. The others come again, followed by
   * the next ones, as long as the direction's buffer holds them. A number beyond the bytes given also passes over bytes that are
   * still to come, which are then not kept. A {@link StreamVerdict} ends the decoder.
   *
   * What the peer has acknowledged was delivered before, or reported as lost: what this direction says, it says knowing the other's
   * bytes so far.
   */
  decode(segment: StreamSegment): number;
  /**
   * `lengthBytes` of one direction are missing; those that `decode` had not been done with, which count among them, are there for the last
   * time as `rest`. What comes next continues after them. A {@link StreamVerdict} ends the decoder, `undefined` lets it continue.
   */
  gap(isFromServer: boolean, lengthBytes: number, rest: StreamSegment): number | undefined;
  /** `lengthBytes` of those that `decode` passed over were not captured; what comes next is what would have come anyhow. */
  missed?(isFromServer: boolean, lengthBytes: number): void;
  /**
   * One direction ended (FIN), or both did (RST, timeout, end of input), each reported once. `unseenBytes` is how many bytes that `decode`
   * passed over had not come; `rest` are those that it had not been done with, as many as there are.
   */
  end?(isFromServer: boolean, unseenBytes: number, rest: StreamSegment): void;
}

/** Hook `createPacketObserver`: called once for each capture, with the output of that capture. */
export type PacketObserverFactory<Record extends EventRecord> = (out: ObserverOutput<Record>) => PacketObserver;

/** Sees every packet, after the decoders. */
export interface PacketObserver {
  /** The packet's `conversation`, where it has one, is a slot below {@link ObserverOutput.maxConversations}. */
  observe(packet: Readonly<Packet>): void;
  /**
   * Packets of the conversations in the first `count` of `slots` come next, most likely. An observer with much memory of each may read it now,
   * so that caches have it. It must not emit rows: no packet is at hand.
   */
  readAhead?(slots: Int32Array, count: number): void;
  /**
   * The clock jump of the packet observed last was wrong: it arrived at `now` at the latest. An observer that keeps arrivals corrects them. It must
   * not emit rows.
   */
  rewind?(now: number): void;
  /** A conversation ended; the slot is another one's afterwards. At the end of the input all are ended. */
  endConversation(slot: number, end: ConversationEnd): void;
}

/** Where a packet observer puts its rows, which are seen over many packets. */
export interface ObserverOutput<Record extends EventRecord> {
  /**
   * The record to fill; all fields at their zero values at the start of each call and after each `emitObserved`. Take it from here in
   * each call, or once in the factory.
   */
  readonly record: Record;
  /** Conversations at once, at most. */
  readonly maxConversations: number;
  /** Fills the record's observation from a packet; `emitObserved` then keeps it. */
  observe(packet: Readonly<Packet>): void;
  /** As `observe`, with the packet's receiver as the source. */
  observeReversed(packet: Readonly<Packet>): void;
  /**
   * True where the sender of the packet, one of the conversation in `slot`, is that conversation's client: as the handshake of TCP said, else
   * as decoders know, else by ports: the server's is a protocol's, below 1024, or the lower one of TCP. Otherwise it is.
   */
  isFromClient(packet: Readonly<Packet>, slot: number): boolean;
  /** Makes the record a row with the observation that the observer put in it. */
  emitObserved(): void;
  /** Resource name of the plugin with this {@link Packet.application}, or the empty text for 0. */
  applicationName(application: number): string;
  /** Value of one of the options that the event declares. */
  option(name: string): string;
}
