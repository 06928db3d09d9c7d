import { ConversationEndpoints } from "../conversation/conversation-endpoints.js";
import { Packet } from "../packet/packet.js";
import { TcpFlag } from "../packet/tcp-flag.js";
import { type Payload, Sender, type StreamDecoder } from "../plugin/hooks.js";
import { NOT_RECOGNISED, recogniseSender } from "../plugin/recognise-sender.js";
import { Verdict } from "../plugin/verdict.js";
import { CurrentSegment } from "./current-segment.js";
import { type ProxyHeader, readProxyHeader } from "./proxy-header.js";
import { StreamBudget } from "./stream-budget.js";
import { MAX_PROBED_SEGMENTS, StreamConnection } from "./stream-connection.js";
import { StreamDelivery } from "./stream-delivery.js";
import type { StreamDirection } from "./stream-direction.js";
import type { StreamHost } from "./stream-host.js";
import type { StreamCounters, StreamLimits } from "./stream-limits.js";

/** How far a conversation came, by slot. */
const Phase = { Undecided: 0, Decoded: 1, Ignored: 2 } as const;

/**
 * Finds the plugin of each TCP connection, by port or by its first bytes, and delivers its stream to the plugin's decoder. A connection
 * that no plugin wants is known by one byte in a column, and costs nothing more.
 */
export class StreamEngine {
  readonly counters: StreamCounters = {
    gaps: 0,
    missedBytes: 0,
    overfullConnections: 0,
    evictedByPlugin: 0,
    evictedByTotal: 0,
  };
  readonly #host: StreamHost;
  readonly #limits: StreamLimits;
  readonly #budget: StreamBudget;
  readonly #delivery: StreamDelivery;
  readonly #phases: Uint8Array;
  readonly #probed: Uint8Array;
  readonly #connections: (StreamConnection | undefined)[];
  readonly #endpoints: ConversationEndpoints;
  /** PROXY headers that conversations began with, until a plugin is found for them, by slot. */
  readonly #proxyHeaders = new Map<number, ProxyHeader>();
  /** What follows such a header in its segment. */
  readonly #afterHeader = new CurrentSegment();
  /** Connections with bytes after a gap, in the order in which they began to wait. */
  readonly #waiting = new Set<StreamConnection>();
  #sender: Sender = Sender.Unknown;
  /** Stands for the packet where bytes are delivered without one. */
  readonly #absent = new Packet();

  constructor(host: StreamHost, maxConversations: number, limits: StreamLimits) {
    this.#host = host;
    this.#limits = limits;
    this.#budget = new StreamBudget(host.plugins.length, limits, this.counters);
    this.#delivery = new StreamDelivery(host, limits, this.counters, (connection, segment) =>
      this.#reassign(connection, segment),
    );
    this.#phases = new Uint8Array(maxConversations);
    this.#probed = new Uint8Array(maxConversations);
    this.#connections = new Array<StreamConnection | undefined>(maxConversations).fill(undefined);
    this.#endpoints = new ConversationEndpoints(maxConversations);
  }

  /** Bytes that streams hold. */
  get heldBytes(): number {
    return this.#budget.totalBytes;
  }

  /** Takes a TCP packet whose conversation is known. */
  receive(packet: Packet): void {
    const slot = packet.conversation;
    const { tcpFlags } = packet;
    const phase = this.#phases[slot];
    if (phase === Phase.Ignored) return;
    let connection = phase === Phase.Decoded ? this.#connections[slot] : undefined;
    if (connection === undefined) {
      if (packet.end === packet.start) return;
      connection = this.#open(slot, packet);
      if (connection === undefined) return;
    }
    if (this.#waiting.size > 0 && this.#waiting.has(connection)) this.#giveUpLate(connection, packet.arrival);
    connection.lastFrameNumber = packet.frameNumber;
    connection.lastTime.copy(packet.time);
    connection.lastArrival = packet.arrival;
    const isFromClient = packet.isFromLower === connection.isClientLower;
    const direction = isFromClient ? connection.client : connection.server;
    const isSyn = (tcpFlags & TcpFlag.Syn) !== 0;
    if (isSyn && !direction.isStarted) direction.startAt(packet.tcpSequence + 1);
    if ((tcpFlags & (TcpFlag.Ack | TcpFlag.Syn | TcpFlag.Rst)) === TcpFlag.Ack) {
      this.#acknowledge(connection, isFromClient ? connection.server : connection.client, packet);
    }
    const sequence = (packet.tcpSequence + (isSyn ? 1 : 0)) | 0;
    if ((tcpFlags & TcpFlag.Fin) !== 0) direction.finishAt(sequence + packet.payloadLengthBytes);
    if (packet.payloadLengthBytes > 0 && connection.decoder !== undefined) {
      this.#delivery.place(connection, direction, sequence, packet);
    }
    if (direction.held.length > 0 && connection.costBytes > this.#limits.connectionBytes) {
      this.#delivery.dropHeld(connection, direction);
    }
    if (direction.isFinished) this.#delivery.end(connection, direction);
    // One with another number does not end the connection (RFC 9293, section 3.10.7.4; RFC 5961, section 3).
    if ((tcpFlags & TcpFlag.Rst) !== 0) {
      const isAcceptable = !direction.isStarted || direction.isFinished || sequence === direction.next;
      if (isAcceptable) this.#delivery.close(connection);
    }
    this.#settle(connection);
  }

  /** Gives up gaps that have been waited for long enough at `now`. */
  advance(now: number): void {
    for (const connection of this.#waiting) {
      if (!this.#giveUpLate(connection, now)) return;
      this.#settle(connection);
    }
  }

  /** Gives up those of a connection; false where there are none. */
  #giveUpLate(connection: StreamConnection, now: number): boolean {
    const latest = now - this.#limits.gapMs * 1e6;
    const late = [connection.client, connection.server].filter(
      ({ waiting, waitingSince }) => !waiting.isEmpty && waitingSince <= latest,
    );
    if (late.length === 0) return false;
    this.#withoutPacket(connection, () => {
      for (const direction of late) this.#delivery.flush(connection, direction);
    });
    return true;
  }

  /** Time turned out not to be beyond `now`: bytes that came later by a clock that was wrong came then. */
  rewind(now: number): void {
    for (const { client, server } of this.#waiting) {
      client.waitingSince = Math.min(client.waitingSince, now);
      server.waitingSince = Math.min(server.waitingSince, now);
    }
  }

  /** The conversation in `slot` ended. */
  endConversation(slot: number): void {
    if (this.#proxyHeaders.size > 0) this.#proxyHeaders.delete(slot);
    // Most are not of TCP, or had no data.
    if (this.#phases[slot] === Phase.Undecided && this.#probed[slot] === 0) return;
    const connection = this.#connections[slot];
    if (connection !== undefined) {
      this.#withoutPacket(connection, () => this.#delivery.close(connection));
      this.#forget(connection);
    }
    this.#phases[slot] = Phase.Undecided;
    this.#probed[slot] = 0;
  }

  /**
   * The receiver of a direction has its bytes up to those that the packet acknowledges. What was not captured of them is lost where something
   * later is there to be delivered: bytes that wait after it, or the packet's own. Until then it may still come, out of order.
   */
  #acknowledge(connection: StreamConnection, direction: StreamDirection, packet: Packet): void {
    const acknowledged = packet.tcpAcknowledgement | 0;
    if (!direction.isStarted) {
      direction.startAt(acknowledged);
      return;
    }
    const ahead = (acknowledged - direction.next) | 0;
    if (ahead > 0 && !this.#delivery.believe(connection, direction, acknowledged, 0, packet.arrival)) return;
    direction.acknowledged = acknowledged;
    if (ahead <= 0) return;
    const { first } = direction.waiting;
    const isPassed = first !== undefined && ((acknowledged - first.sequence) | 0) >= 0;
    if (isPassed || packet.payloadLengthBytes > 0 || (packet.tcpFlags & TcpFlag.Fin) !== 0) {
      const giveUp = () => this.#delivery.giveUp(connection, direction, acknowledged);
      // What waited came with packets of its own, not with this one of the other side.
      if (first === undefined) giveUp();
      else this.#withoutPacket(connection, giveUp);
    }
  }

  /** Finds the plugin of a conversation at its first data; undefined while no plugin recognises it. */
  #open(slot: number, packet: Packet): StreamConnection | undefined {
    const { dispatch } = this.#host;
    const { srcPort, dstPort } = packet;
    const header = this.#proxyHeader(slot, packet);
    const { tcpPorts } = dispatch;
    let isFromClient = true;
    let plugin = 0;
    // Most ports are bound to no plugin, whichever side is the client.
    if (tcpPorts[srcPort] !== 0 || tcpPorts[dstPort] !== 0) {
      isFromClient = header !== undefined || this.#host.tracker.isFromClient(packet, slot);
      plugin = tcpPorts[isFromClient ? dstPort : srcPort]!;
    }
    if (plugin === 0) {
      if (header !== undefined) this.#proxyHeaders.set(slot, header);
      const payload = header === undefined ? packet : this.#withoutHeader(packet, header.lengthBytes);
      if (payload.start === payload.end) return undefined;
      plugin = this.#probe(payload, -1) + 1;
      if (plugin !== 0) isFromClient = header !== undefined || this.#host.tracker.isFromClient(packet, slot);
      const isKnown = this.#host.tracker.openings.isSeen(slot);
      if (plugin !== 0 && !isKnown && this.#sender !== Sender.Unknown) isFromClient = this.#sender === Sender.Client;
    }
    if (plugin === 0) {
      const isHopeless = dispatch.streamProbes.length === 0 || ++this.#probed[slot]! >= MAX_PROBED_SEGMENTS;
      if (isHopeless) {
        this.#phases[slot] = Phase.Ignored;
        this.#proxyHeaders.delete(slot);
      }
      return undefined;
    }
    const connection = new StreamConnection(slot, plugin - 1, isFromClient === packet.isFromLower);
    const { openings } = this.#host.tracker;
    const earlier = this.#proxyHeaders.get(slot);
    if (earlier !== undefined) this.#proxyHeaders.delete(slot);
    // Where probes did not know the first segments, those do not come again: the stream begins with the one at hand.
    if (this.#probed[slot] === 0) {
      for (const isLower of [true, false]) {
        const direction = isLower === connection.isClientLower ? connection.client : connection.server;
        if (openings.hasInitialNumber(slot, isLower)) direction.startAt(openings.initialNumber(slot, isLower) + 1);
      }
      const { client } = connection;
      // The protocol's own stream begins after the header.
      if (header !== undefined) {
        client.passOver = header.lengthBytes;
        client.position = -header.lengthBytes;
      } else if (earlier !== undefined && client.isStarted) {
        client.advance(earlier.lengthBytes);
        client.position = 0;
      }
    }
    connection.proxiedClient = (header ?? earlier)?.client;
    connection.isOpenedByClient = isFromClient;
    connection.isSeenFromStart = this.#probed[slot] === 0 && openings.isSeen(slot);
    connection.clientPort = isFromClient ? srcPort : dstPort;
    connection.serverPort = isFromClient ? dstPort : srcPort;
    connection.decoder = this.#createDecoder(connection);
    if (connection.decoder === undefined) {
      this.#phases[slot] = Phase.Ignored;
      return undefined;
    }
    this.#connections[slot] = connection;
    this.#phases[slot] = Phase.Decoded;
    this.#endpoints.open(slot, packet);
    return connection;
  }

  /** The PROXY header that the packet's payload, the first one from the client, begins with; undefined for none. */
  #proxyHeader(slot: number, { bytes, start, end, isFromLower, tcpSequence }: Packet): ProxyHeader | undefined {
    if (this.#probed[slot] !== 0) return undefined;
    const header = readProxyHeader(bytes, start, end);
    if (header === undefined) return undefined;
    const { tracker } = this.#host;
    const { openings } = tracker;
    if (!openings.isSeen(slot)) return header;
    const isFirst =
      !openings.hasInitialNumber(slot, isFromLower) ||
      openings.initialNumber(slot, isFromLower) === ((tcpSequence - 1) | 0);
    return isFirst && ((tracker.clientOf(slot) & 1) !== 0) === isFromLower ? header : undefined;
  }

  #withoutHeader({ bytes, start, end }: Packet, headerLength: number): Payload {
    const payload = this.#afterHeader;
    payload.bytes = bytes;
    payload.start = start + headerLength;
    payload.end = end;
    return payload;
  }

  /** Index of the plugin that recognises the payload, other than `except`; -1 for none. The sender of one that does is in `#sender`. */
  #probe(payload: Payload, except: number): number {
    const { plugins, dispatch, faults, context } = this.#host;
    for (const index of dispatch.streamProbes) {
      if (index === except || faults.isOff[index] === 1) continue;
      const sender = recogniseSender(plugins[index]!, index, payload, faults, context.packet.frameNumber);
      if (sender === NOT_RECOGNISED) continue;
      this.#sender = sender;
      return index;
    }
    return -1;
  }

  /** Makes the decoder of a connection; undefined where the plugin is switched off or fails to. */
  #createDecoder(connection: StreamConnection): StreamDecoder | undefined {
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

  /** Gives up the connections of a plugin that was switched off. */
  dropPlugin(plugin: number): void {
    for (const connection of this.#connections) {
      if (connection?.plugin !== plugin) continue;
      connection.dismiss();
      this.#settle(connection);
    }
  }

  #reassign(connection: StreamConnection, segment: CurrentSegment): boolean {
    const isHandedOver = connection.offersLeft > 0;
    const plugin = this.#probe(segment, isHandedOver ? -1 : connection.plugin);
    if (plugin === -1) return false;
    if (isHandedOver) {
      this.#host.outputs[connection.plugin]!.endConnection(connection);
      connection.isRecognised = false;
      connection.offersLeft = 0;
    } else this.#host.count(connection.plugin, Verdict.NotMine);
    this.#budget.transfer(connection, plugin);
    connection.decoder = this.#createDecoder(connection);
    if (connection.decoder !== undefined) return true;
    connection.dismiss();
    return false;
  }

  /** Accounts for what a connection holds after a packet, and makes room where that is too much. */
  #settle(connection: StreamConnection): void {
    if (connection.decoder === undefined) {
      this.#phases[connection.slot] = Phase.Ignored;
      this.#forget(connection);
      return;
    }
    const isWaiting = !connection.client.waiting.isEmpty || !connection.server.waiting.isEmpty;
    if (isWaiting) this.#waiting.add(connection);
    else if (this.#waiting.size > 0) this.#waiting.delete(connection);
    this.#budget.account(connection);
    if (connection.accountedBytes === 0) return;
    for (;;) {
      const evicted = this.#budget.nextToEvict(connection.plugin);
      if (evicted === undefined) return;
      this.#withoutPacket(evicted, () => {
        this.#delivery.end(evicted, evicted.client);
        this.#delivery.end(evicted, evicted.server);
      });
      evicted.dismiss();
      this.#phases[evicted.slot] = Phase.Ignored;
      this.#forget(evicted);
    }
  }

  #forget(connection: StreamConnection): void {
    this.#host.outputs[connection.plugin]!.endConnection(connection);
    this.#budget.account(connection);
    this.#waiting.delete(connection);
    this.#connections[connection.slot] = undefined;
    this.#endpoints.close(connection.slot);
  }

  /** Runs `deliver` with a packet that stands for none, of the connection's endpoints, seen when its last one was. */
  #withoutPacket(connection: StreamConnection, deliver: () => void): void {
    const { context } = this.#host;
    const absent = this.#absent;
    this.#endpoints.restore(connection.slot, absent);
    absent.isFromLower = connection.isOpenedByClient === connection.isClientLower;
    absent.conversation = connection.slot;
    absent.time.copy(connection.lastTime);
    absent.arrival = connection.lastArrival;
    absent.frameNumber = connection.lastFrameNumber;
    const current = context.packet;
    context.packet = absent;
    connection.isWithoutPacket = true;
    deliver();
    connection.isWithoutPacket = false;
    context.packet = current;
    // What its earlier bytes are holds for the packet at hand, which is delivered after them.
    if (current.conversation === connection.slot) {
      current.application = this.#host.tracker.applicationOf(connection.slot);
    }
  }
}
