import type { Datagram, Packet } from "../packet/packet.js";
import type { EventRecord } from "./event-record.js";
import type { Output } from "./output.js";
import type { Verdict } from "./verdict.js";

/** Hook `decodeDatagram`: one UDP payload, `datagram.bytes[datagram.start, datagram.end)`. */
export type DatagramDecoder<Record extends EventRecord> = (datagram: Datagram, out: Output<Record>) => Verdict;

/** Hook `decodeFrame`: the payload of an Ethernet type or of an IP protocol, `packet.bytes[packet.start, packet.end)`. */
export type FrameDecoder<Record extends EventRecord> = (packet: Readonly<Packet>, out: Output<Record>) => Verdict;

/** Hook `probe`: true when the payload looks like this protocol on a port that is bound to no plugin. */
export type Probe = (datagram: Datagram) => boolean;

/** Hook `createPacketObserver`: called once for each capture, with the output of that capture. */
export type PacketObserverFactory<Record extends EventRecord> = (out: ObserverOutput<Record>) => PacketObserver;

/** Sees every packet, after the decoders. */
export interface PacketObserver {
  observe(packet: Readonly<Packet>): void;
  /** Called now and then with the capture's time, so that timeouts end without packets. */
  advance(now: Readonly<Packet>["time"]): void;
  /** The input ended: what is held becomes rows. */
  finish(): void;
}

/** Where a packet observer puts its rows, which are seen over many packets. */
export interface ObserverOutput<Record extends EventRecord> {
  readonly record: Record;
  /** Fills the record's observation from a packet; `emitObserved` then keeps it. */
  observe(packet: Readonly<Packet>): void;
  /** Makes the record a row with the observation that the observer put in it. */
  emitObserved(): void;
  /** Resource name of the plugin with this {@link Packet.application}, or the empty text for 0. */
  applicationName(application: number): string;
}
