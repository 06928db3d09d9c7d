import type { Packet } from "../../packet/packet.js";
import { SequenceDoubts } from "../../packet/sequence-doubts.js";
import { type Payload, Sender, type StreamDecoder, TOO_SHORT } from "../../plugin/hooks.js";
import { NOT_RECOGNISED, recogniseSender } from "../recognise-sender.js";
import { CurrentSegment } from "./current-segment.js";
import { dataSequence, type FirstSegment, FirstSegments } from "./first-segments.js";
import type { ProxyHeader } from "./proxy-header.js";
import { NO_PROXY_HEADERS, type ProxyHeaders, readProxyHeaders } from "./proxy-headers.js";
import { MAX_PROBED_SEGMENTS, StreamConnection } from "./stream-connection.js";
import type { StreamHost } from "./stream-host.js";

/** Maximum distance in bytes of a first segment from the stream's beginning. */
const MAX_AHEAD_BYTES = 65_536;

/** Finds the plugin of a TCP connection: by port, or by its first bytes. */
export class ConnectionOpener {
  readonly #host: StreamHost;
  /** Number of data segments that no probe recognized, by slot. */
  readonly #probed: Uint8Array;
  readonly #first = new FirstSegments((slot) => {
    this.#probed[slot] = 1;
  });
  /** PROXY headers at the start of conversations, until a plugin is found for them, by slot. */
  readonly #proxyHeaders = new Map<number, ProxyHeader>();
  /** First segments that are far ahead of their stream. */
  readonly #doubts = new SequenceDoubts();
  /** The bytes after such a header in its segment. */
  readonly #afterHeader = new CurrentSegment();
  /** Result of the last call of {@link probe}. */
  #sender: Sender = Sender.Unknown;
  #isTooShort = false;

  constructor(host: StreamHost, maxConversations: number) {
    this.#host = host;
    this.#probed = new Uint8Array(maxConversations);
  }

  /** Whether probes have been offered the maximum number of segments of the conversation. */
  isHopeless(slot: number): boolean {
    return this.#probed[slot]! >= MAX_PROBED_SEGMENTS;
  }

  /** Called when the conversation in `slot` ended. */
  forget(slot: number): void {
    this.#probed[slot] = 0;
    this.#first.drop(slot);
    if (this.#proxyHeaders.size > 0) this.#proxyHeaders.delete(slot);
    this.#doubts.forget(slot);
  }

  /** Earlier data segments of a connection that {@link open} has opened, in the order in which they arrived. */
  takeEarlier(slot: number): readonly FirstSegment[] {
    return this.#first.has(slot) ? this.#first.take(slot) : [];
  }

  /** Opens the connection of a packet with data; undefined while no plugin recognizes it, or if its decoder cannot be created. */
  open(slot: number, packet: Packet): StreamConnection | undefined {
    const { dispatch, tracker } = this.#host;
    const { srcPort, dstPort } = packet;
    const beginning = this.#beginning(slot, packet);
    const { header, isIncomplete } = this.#headers(slot, packet, beginning);
    const { tcpPorts } = dispatch;
    let isFromClient = true;
    let plugin = 0;
    // Most ports are not bound to a plugin, whichever side is the client.
    if (tcpPorts[srcPort] !== 0 || tcpPorts[dstPort] !== 0) {
      isFromClient = header !== undefined || tracker.isFromClient(packet, slot);
      plugin = tcpPorts[isFromClient ? dstPort : srcPort]!;
    }
    if (plugin === 0) {
      if (!this.#isPlausible(slot, packet)) return undefined;
      if (isIncomplete && this.#first.add(slot, packet)) return undefined;
      if (header !== undefined) {
        this.#proxyHeaders.set(slot, header);
        if (header.client !== undefined) this.#host.tracker.learnProxiedClient(slot, header.client);
      }
      const payload = header === undefined ? beginning : this.#withoutHeader(beginning, header.lengthBytes);
      if (payload.start === payload.end) return undefined;
      plugin = this.probe(payload, -1) + 1;
      if (plugin === 0) {
        this.#wait(slot, packet, beginning !== packet);
        return undefined;
      }
      isFromClient = header !== undefined || tracker.isFromClient(packet, slot);
      const isKnown = tracker.openings.isSeen(slot);
      if (!isKnown && this.#sender !== Sender.Unknown) isFromClient = this.#sender === Sender.Client;
    }
    const connection = new StreamConnection(slot, plugin - 1, isFromClient === packet.isFromLower);
    this.#start(connection, header);
    connection.isOpenedByClient = isFromClient;
    connection.clientPort = isFromClient ? srcPort : dstPort;
    connection.serverPort = isFromClient ? dstPort : srcPort;
    connection.decoder = this.createDecoder(connection);
    if (connection.decoder !== undefined) return connection;
    this.#giveUp(slot);
    return undefined;
  }

  /** Whether the last call of {@link probe} found none, and more bytes may change that. */
  get isTooShort(): boolean {
    return this.#isTooShort;
  }

  /** Index of the plugin that recognizes the payload, other than `except`; -1 for none. */
  probe(payload: Payload, except: number): number {
    const { plugins, dispatch, faults, context } = this.#host;
    this.#isTooShort = false;
    for (const index of dispatch.streamProbes) {
      if (index === except || faults.isOff[index] === 1) continue;
      const sender = recogniseSender(plugins[index]!, index, payload, faults, context.packet.frameNumber);
      if (sender === NOT_RECOGNISED) continue;
      if (sender === TOO_SHORT) this.#isTooShort = true;
      else {
        this.#sender = sender;
        return index;
      }
    }
    return -1;
  }

  /** Creates the decoder of a connection; undefined if the plugin is switched off or fails to create it. */
  createDecoder(connection: StreamConnection): StreamDecoder | undefined {
    const { plugins, outputs, faults, context } = this.#host;
    const { plugin } = connection;
    const output = outputs[plugin]!;
    if (faults.isOff[plugin] === 1) {
      output.skippedPackets++;
      return undefined;
    }
    const { frameNumber } = context.packet;
    try {
      const decoder = plugins[plugin]!.createStreamDecoder!(connection, output);
      output.settle();
      if (typeof decoder?.decode === "function" && typeof decoder.gap === "function") return decoder;
      faults.returned(plugin, "createStreamDecoder", decoder, "a decoder with decode and gap", frameNumber);
    } catch (error) {
      faults.thrown(plugin, "createStreamDecoder", error, frameNumber);
    }
    output.discard();
    return undefined;
  }

  /** The bytes for probes: the packet's payload, preceded by earlier bytes of its direction if those have to be continued. */
  #beginning(slot: number, packet: Packet): Payload {
    if (!this.#first.has(slot)) return packet;
    const { openings } = this.#host.tracker;
    return this.#first.join(slot, packet, openings.initialNumber(slot, packet.isFromLower) + 1);
  }

  /** The PROXY headers at the start of the bytes, the first ones from the client. */
  #headers(slot: number, packet: Packet, { bytes, start, end }: Payload): ProxyHeaders {
    if (this.#probed[slot] !== 0) return NO_PROXY_HEADERS;
    const headers = readProxyHeaders(bytes, start, end);
    if (headers.header === undefined && !headers.isIncomplete) return headers;
    const { tracker } = this.#host;
    const { openings } = tracker;
    if (!openings.isSeen(slot)) return { ...headers, isIncomplete: false };
    const isFromClient = ((tracker.clientOf(slot) & 1) !== 0) === packet.isFromLower;
    if (!isFromClient) return NO_PROXY_HEADERS;
    if (!openings.hasInitialNumber(slot, packet.isFromLower)) return { ...headers, isIncomplete: false };
    return bytes !== packet.bytes || this.#distance(slot, packet) === 0 ? headers : NO_PROXY_HEADERS;
  }

  /** False for a first segment that is not part of the stream, or so far ahead of it that it has not been confirmed yet. */
  #isPlausible(slot: number, packet: Packet): boolean {
    const { isFromLower, tcpSequence, payloadLengthBytes } = packet;
    if (this.#probed[slot] !== 0 || !this.#host.tracker.openings.hasInitialNumber(slot, isFromLower)) return true;
    const distance = this.#distance(slot, packet);
    return distance >= 0 && this.#doubts.believes(slot, isFromLower ? 0 : 1, distance, tcpSequence, payloadLengthBytes);
  }

  /** Bytes between the beginning of a side's stream, whose SYN was seen, and the packet's payload. */
  #distance(slot: number, { tcpSequence, tcpFlags, isFromLower }: Packet): number {
    const first = this.#host.tracker.openings.initialNumber(slot, isFromLower) + 1;
    return (dataSequence(tcpSequence, tcpFlags) - first) | 0;
  }

  /** No probe recognizes the packet: keeps it if later or earlier bytes may change that. */
  #wait(slot: number, packet: Packet, isJoined: boolean): void {
    if (this.#mayBeContinued(slot, packet, isJoined) && this.#first.add(slot, packet)) return;
    this.#first.drop(slot);
    if (this.#host.dispatch.streamProbes.length === 0 || ++this.#probed[slot]! >= MAX_PROBED_SEGMENTS)
      this.#giveUp(slot);
  }

  /** `isJoined`: probes have seen the packet's bytes together with those before them. */
  #mayBeContinued(slot: number, packet: Packet, isJoined: boolean): boolean {
    if (this.#probed[slot] !== 0) return false;
    const { isFromLower } = packet;
    if (this.#first.has(slot) && !this.#first.isAwaited(slot, isFromLower)) return true;
    if (!this.#host.tracker.openings.hasInitialNumber(slot, isFromLower)) return false;
    const distance = this.#distance(slot, packet);
    if (distance < 0 || distance > MAX_AHEAD_BYTES) return false;
    return this.#isTooShort || (distance > 0 && !isJoined);
  }

  #giveUp(slot: number): void {
    this.#probed[slot] = MAX_PROBED_SEGMENTS;
    this.#first.drop(slot);
    if (this.#proxyHeaders.size > 0) this.#proxyHeaders.delete(slot);
  }

  #withoutHeader({ bytes, start, end }: Payload, headerLength: number): Payload {
    const payload = this.#afterHeader;
    payload.bytes = bytes;
    payload.start = start + headerLength;
    payload.end = end;
    return payload;
  }

  /** Sets the beginning of both directions. */
  #start(connection: StreamConnection, header: ProxyHeader | undefined): void {
    const { slot } = connection;
    const { tracker } = this.#host;
    const { openings } = tracker;
    const earlier = this.#proxyHeaders.get(slot);
    if (earlier !== undefined) this.#proxyHeaders.delete(slot);
    const proxied = (header ?? earlier)?.client;
    if (proxied !== undefined) tracker.learnProxiedClient(slot, proxied);
    connection.isSeenFromStart = this.#probed[slot] === 0 && openings.isSeen(slot);
    // If probes did not recognize the first segments, those are not delivered: the stream begins with the current one.
    if (this.#probed[slot] !== 0) return;
    connection.mayHaveProxyHeader = true;
    for (const isLower of [true, false]) {
      const direction = isLower === connection.isClientLower ? connection.client : connection.server;
      if (openings.hasInitialNumber(slot, isLower)) direction.startAt(openings.initialNumber(slot, isLower) + 1);
    }
  }
}
