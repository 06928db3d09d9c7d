import { ConversationEndpoints } from "../conversation/conversation-endpoints.js";
import { Packet } from "../packet/packet.js";
import { TcpFlag } from "../packet/tcp-flag.js";
import type { Payload, StreamDecoder } from "../plugin/hooks.js";
import { isRecognised } from "../plugin/is-recognised.js";
import { Verdict } from "../plugin/verdict.js";
import type { Timestamp } from "../wire/timestamp.js";
import type { CurrentSegment } from "./current-segment.js";
import { StreamBudget } from "./stream-budget.js";
import { StreamConnection } from "./stream-connection.js";
import { StreamDelivery } from "./stream-delivery.js";
import type { StreamHost } from "./stream-host.js";
import type { StreamCounters, StreamLimits } from "./stream-limits.js";

/** How far a conversation came, by slot. */
const Phase = { Undecided: 0, Decoded: 1, Ignored: 2 } as const;

/** What SYNs showed of a conversation, as bits by slot. */
const Known = { LowerSyn: 1, HigherSyn: 2, Client: 4, ClientIsLower: 8 } as const;

/** Segments with data that probes see of a conversation before it is nobody's. */
const MAX_PROBED_SEGMENTS = 4;

/**
 * Finds the plugin of each TCP connection, by port or by its first bytes, and delivers its stream to the plugin's decoder. A connection
 * that no plugin wants is known by one byte in a column, and costs nothing more.
 */
export class StreamEngine {
  readonly counters: StreamCounters = { gaps: 0, overfullConnections: 0, evictedByPlugin: 0, evictedByTotal: 0 };
  readonly #host: StreamHost;
  readonly #limits: StreamLimits;
  readonly #budget: StreamBudget;
  readonly #delivery: StreamDelivery;
  readonly #phases: Uint8Array;
  readonly #known: Uint8Array;
  readonly #probed: Uint8Array;
  /** Initial sequence numbers, two a slot: of the lower endpoint, of the higher one. */
  readonly #initial: Int32Array;
  readonly #connections: (StreamConnection | undefined)[];
  readonly #endpoints: ConversationEndpoints;
  /** Connections with bytes after a gap, in the order in which they began to wait. */
  readonly #waiting = new Set<StreamConnection>();
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
    this.#known = new Uint8Array(maxConversations);
    this.#probed = new Uint8Array(maxConversations);
    this.#initial = new Int32Array(maxConversations * 2);
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
    const isSyn = (tcpFlags & TcpFlag.Syn) !== 0;
    if (isSyn) this.#synchronise(slot, packet);
    if (this.#phases[slot] === Phase.Ignored) return;
    let connection = this.#connections[slot];
    if (connection === undefined) {
      if (packet.end === packet.start) return;
      connection = this.#open(slot, packet);
      if (connection === undefined) return;
    }
    connection.lastFrameNumber = packet.frameNumber;
    const direction = packet.isFromLower === connection.isClientLower ? connection.client : connection.server;
    const sequence = (packet.tcpSequence + (isSyn ? 1 : 0)) | 0;
    if ((tcpFlags & TcpFlag.Fin) !== 0) direction.finishAt(sequence + packet.payloadLengthBytes);
    if (packet.payloadLengthBytes > 0) this.#delivery.place(connection, direction, sequence, packet);
    if (direction.held.length > 0 && connection.costBytes > this.#limits.connectionBytes) {
      this.#delivery.dropHeld(connection, direction);
    }
    if (direction.isFinished) this.#delivery.end(connection, direction);
    if ((tcpFlags & TcpFlag.Rst) !== 0) this.#delivery.close(connection);
    this.#settle(connection);
  }

  /** Gives up gaps that have been waited for long enough at `now`. */
  advance(now: Timestamp): void {
    const latest = now.nanoseconds - this.#limits.gapMs * 1e6;
    for (const connection of this.#waiting) {
      const late = [connection.client, connection.server].filter(
        ({ waiting, waitingSince }) => !waiting.isEmpty && waitingSince <= latest,
      );
      if (late.length === 0) return;
      this.#withoutPacket(connection, now, () => {
        for (const direction of late) this.#delivery.flush(connection, direction);
      });
      this.#settle(connection);
    }
  }

  /** The conversation in `slot` ended; `last` is the time of its last packet. */
  endConversation(slot: number, last: Timestamp): void {
    const connection = this.#connections[slot];
    if (connection !== undefined) {
      this.#withoutPacket(connection, last, () => this.#delivery.close(connection));
      this.#forget(connection);
    }
    this.#phases[slot] = Phase.Undecided;
    this.#known[slot] = 0;
    this.#probed[slot] = 0;
  }

  /** Learns initial sequence numbers and sides from SYN; a SYN of another connection ends the one before it. */
  #synchronise(slot: number, packet: Packet): void {
    const bit = packet.isFromLower ? Known.LowerSyn : Known.HigherSyn;
    const at = slot * 2 + (packet.isFromLower ? 0 : 1);
    const sequence = packet.tcpSequence | 0;
    const isFromClient = (packet.tcpFlags & TcpFlag.Ack) === 0;
    const isKnown = (this.#known[slot]! & bit) !== 0;
    if (isKnown && (this.#initial[at] === sequence || !isFromClient)) return;
    // Without a SYN so far, a connection that is under way already was another one.
    const isUnderWay = this.#known[slot] === 0 && this.#phases[slot] !== Phase.Undecided;
    if (isKnown || (isUnderWay && isFromClient)) this.endConversation(slot, packet.time);

    this.#initial[at] = sequence;
    let known = this.#known[slot]! | bit;
    if ((known & Known.Client) === 0) {
      known |= Known.Client | (isFromClient === packet.isFromLower ? Known.ClientIsLower : 0);
    }
    this.#known[slot] = known;
    const connection = this.#connections[slot];
    if (connection === undefined) return;
    const direction = packet.isFromLower === connection.isClientLower ? connection.client : connection.server;
    if (!direction.isStarted) direction.startAt(sequence + 1);
  }

  /** Finds the plugin of a conversation at its first data; undefined while no plugin recognises it. */
  #open(slot: number, packet: Packet): StreamConnection | undefined {
    const isFromClient = this.#isFromClient(slot, packet);
    const { dispatch } = this.#host;
    const { srcPort, dstPort } = packet;
    const clientPort = isFromClient ? srcPort : dstPort;
    const serverPort = isFromClient ? dstPort : srcPort;
    const plugin = dispatch.tcpPorts[serverPort] || this.#probe(packet, -1) + 1;
    if (plugin === 0) {
      const isHopeless = dispatch.streamProbes.length === 0 || ++this.#probed[slot]! >= MAX_PROBED_SEGMENTS;
      if (isHopeless) this.#phases[slot] = Phase.Ignored;
      return undefined;
    }
    const connection = new StreamConnection(slot, plugin - 1, isFromClient === packet.isFromLower);
    // Where probes did not know the first segments, those do not come again: the stream begins with the one at hand.
    const known = this.#probed[slot] === 0 ? this.#known[slot]! : 0;
    const lower = connection.isClientLower ? connection.client : connection.server;
    const higher = connection.isClientLower ? connection.server : connection.client;
    if ((known & Known.LowerSyn) !== 0) lower.startAt(this.#initial[slot * 2]! + 1);
    if ((known & Known.HigherSyn) !== 0) higher.startAt(this.#initial[slot * 2 + 1]! + 1);
    connection.isOpenedByClient = isFromClient;
    connection.isSeenFromStart = (known & Known.Client) !== 0;
    connection.clientPort = clientPort;
    connection.serverPort = serverPort;
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

  /** By SYN; without one the bound port is the server's, else the lower one. */
  #isFromClient(slot: number, { srcPort, dstPort, isFromLower }: Packet): boolean {
    const known = this.#known[slot]!;
    if ((known & Known.Client) !== 0) return ((known & Known.ClientIsLower) !== 0) === isFromLower;
    const { tcpPorts } = this.#host.dispatch;
    const isToBound = tcpPorts[dstPort] !== 0;
    return isToBound === (tcpPorts[srcPort] !== 0) ? dstPort <= srcPort : isToBound;
  }

  /** Index of the plugin that recognises the payload, other than `except`; -1 for none. */
  #probe(payload: Payload, except: number): number {
    const { plugins, dispatch, faults, context } = this.#host;
    for (const index of dispatch.streamProbes) {
      if (index === except || faults.isOff[index] === 1) continue;
      if (isRecognised(plugins[index]!, index, payload, faults, context.packet.frameNumber)) return index;
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
    const plugin = this.#probe(segment, connection.plugin);
    if (plugin === -1) return false;
    this.#host.count(connection.plugin, Verdict.NotMine);
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
      this.#withoutPacket(evicted, this.#host.context.packet.time, () => {
        this.#delivery.end(evicted, evicted.client);
        this.#delivery.end(evicted, evicted.server);
      });
      evicted.dismiss();
      this.#phases[evicted.slot] = Phase.Ignored;
      this.#forget(evicted);
    }
  }

  #forget(connection: StreamConnection): void {
    this.#budget.account(connection);
    this.#waiting.delete(connection);
    this.#connections[connection.slot] = undefined;
    this.#endpoints.close(connection.slot);
  }

  /** Runs `deliver` with a packet that stands for none, of the connection's endpoints, seen at `time`. */
  #withoutPacket(connection: StreamConnection, time: Timestamp, deliver: () => void): void {
    const { context } = this.#host;
    const absent = this.#absent;
    this.#endpoints.restore(connection.slot, absent);
    absent.isFromLower = connection.isOpenedByClient === connection.isClientLower;
    absent.conversation = connection.slot;
    absent.time.copy(time);
    absent.frameNumber = connection.lastFrameNumber;
    const current = context.packet;
    context.packet = absent;
    connection.isWithoutPacket = true;
    deliver();
    connection.isWithoutPacket = false;
    context.packet = current;
  }
}
