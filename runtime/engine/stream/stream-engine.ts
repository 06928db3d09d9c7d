import { ConversationEndpoints } from "../../packet/conversation-endpoints.js";
import { NO_CONVERSATION, Packet } from "../../packet/packet.js";
import { TcpFlag } from "../../packet/tcp-flag.js";
import { Verdict } from "../../plugin/verdict.js";
import { ConnectionOpener } from "./connection-opener.js";
import type { CurrentSegment } from "./current-segment.js";
import { type FirstSegment, writeFirstSegment } from "./first-segments.js";
import { StreamBudget } from "./stream-budget.js";
import type { StreamConnection } from "./stream-connection.js";
import { StreamDelivery } from "./stream-delivery.js";
import type { StreamDirection } from "./stream-direction.js";
import type { StreamHost } from "./stream-host.js";
import type { StreamCounters, StreamLimits } from "./stream-limits.js";
import { Reassigned } from "./stream-offers.js";

// Constants of this module are inlined by the engine; those of an imported object are looked up at each use.
const SYN = TcpFlag.Syn;
const ACK = TcpFlag.Ack;
const RST = TcpFlag.Rst;
const FIN = TcpFlag.Fin;

/** State of a conversation, by slot. */
const Phase = { Undecided: 0, Decoded: 1, Ignored: 2 } as const;

/**
 * Finds the plugin of each TCP connection, by port or by its first bytes, and delivers its stream to the plugin's decoder. For a connection
 * without a plugin, only one byte of state is kept in a column.
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
  readonly #connections: (StreamConnection | undefined)[];
  readonly #endpoints: ConversationEndpoints;
  readonly #opener: ConnectionOpener;
  /** Connections with bytes after a gap, in the order in which they began to wait. */
  readonly #waiting = new Set<StreamConnection>();
  /** The decoded connection that last received a packet. */
  #latest: StreamConnection | undefined;
  /** Substitute for the packet when bytes are delivered without one. */
  readonly #absent = new Packet();
  /** Substitute for packets that arrived before their connection was recognized. */
  readonly #earlier = new Packet();

  constructor(host: StreamHost, maxConversations: number, limits: StreamLimits) {
    this.#host = host;
    this.#limits = limits;
    this.#budget = new StreamBudget(host.plugins.length, limits, this.counters);
    this.#delivery = new StreamDelivery(host, limits, this.counters, (connection, segment) =>
      this.#reassign(connection, segment),
    );
    this.#opener = new ConnectionOpener(host, maxConversations);
    this.#phases = new Uint8Array(maxConversations);
    this.#connections = new Array<StreamConnection | undefined>(maxConversations).fill(undefined);
    this.#endpoints = new ConversationEndpoints(maxConversations);
  }

  /** Bytes held by streams. */
  get heldBytes(): number {
    return this.#budget.totalBytes;
  }

  /** Processes a TCP packet whose conversation is known. */
  receive(packet: Packet): void {
    const slot = packet.conversation;
    const phase = this.#phases[slot];
    if (phase === Phase.Ignored) return;
    let connection = phase === Phase.Decoded ? this.#connections[slot] : undefined;
    if (connection === undefined) {
      if (packet.end === packet.start) return;
      connection = this.#open(slot, packet);
      if (connection === undefined) return;
    }
    this.#process(connection, packet, packet.isFromLower === connection.isClientLower);
  }

  /** Records that a packet of the conversation in `slot` was captured again. */
  noteCopy(slot: number): void {
    const connection = slot === NO_CONVERSATION ? undefined : this.#connections[slot];
    if (connection !== undefined) connection.copies++;
  }

  /** Processes a packet of a connection that is decoded. */
  #process(connection: StreamConnection, packet: Packet, isFromClient: boolean): void {
    const { tcpFlags } = packet;
    if (this.#waiting.size > 0 && this.#waiting.has(connection)) this.#giveUpLate(connection, packet.arrival);
    connection.lastFrameNumber = packet.frameNumber;
    connection.lastTime.copy(packet.time);
    connection.lastArrival = packet.arrival;
    this.#latest = connection;
    const direction = isFromClient ? connection.client : connection.server;
    const isSyn = (tcpFlags & SYN) !== 0;
    if (isSyn && !direction.isStarted) direction.startAt(packet.tcpSequence + 1);
    if ((tcpFlags & (ACK | SYN | RST)) === ACK) {
      this.#acknowledge(connection, isFromClient ? connection.server : connection.client, packet);
    }
    const sequence = (packet.tcpSequence + (isSyn ? 1 : 0)) | 0;
    if ((tcpFlags & FIN) !== 0) direction.finishAt(sequence + packet.payloadLengthBytes);
    if (packet.payloadLengthBytes > 0 && connection.decoder !== undefined) {
      this.#delivery.place(connection, direction, sequence, packet);
    }
    if (direction.held.length > 0 && connection.costBytes > this.#limits.connectionBytes) {
      this.#delivery.dropHeld(connection, direction);
    }
    if (direction.isFinished) this.#delivery.end(connection, direction);
    // A RST with another sequence number does not end the connection (RFC 9293, section 3.10.7.4; RFC 5961, section 3).
    if ((tcpFlags & RST) !== 0) {
      const isAcceptable = !direction.isStarted || direction.isFinished || sequence === direction.next;
      if (isAcceptable) this.#delivery.close(connection);
    }
    this.#settle(connection);
  }

  /** Gives up gaps whose timeout has passed at `now`. */
  advance(now: number): void {
    for (const connection of this.#waiting) {
      if (!this.#giveUpLate(connection, now)) return;
      this.#settle(connection);
    }
  }

  /** Gives up those of a connection; false if there are none. */
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

  /** The last packet's clock jump was wrong: it arrived at `now` at the latest. */
  rewind(now: number): void {
    const latest = this.#latest;
    if (latest === undefined) return;
    const { client, server } = latest;
    latest.lastArrival = Math.min(latest.lastArrival, now);
    client.waitingSince = Math.min(client.waitingSince, now);
    server.waitingSince = Math.min(server.waitingSince, now);
  }

  /** The conversation in `slot` ended. */
  endConversation(slot: number): void {
    this.#opener.forget(slot);
    // Most conversations are not TCP, or had no data.
    if (this.#phases[slot] === Phase.Undecided) return;
    const connection = this.#connections[slot];
    if (connection !== undefined) {
      this.#withoutPacket(connection, () => this.#delivery.close(connection));
      this.#forget(connection);
    }
    this.#phases[slot] = Phase.Undecided;
  }

  /**
   * The receiver of a direction has its bytes up to the packet's acknowledgment number. Those that were not captured are lost if later
   * bytes are ready to be delivered: bytes that wait after them, or the packet's own. Until then they may still arrive out of order.
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
    if (isPassed || packet.payloadLengthBytes > 0 || (packet.tcpFlags & FIN) !== 0) {
      const giveUp = () => this.#delivery.giveUp(connection, direction, acknowledged);
      // The waiting bytes came with packets of their own, not with this one of the other side.
      if (first === undefined) giveUp();
      else this.#withoutPacket(connection, giveUp);
    }
  }

  /** Finds the plugin of a conversation at its first data; undefined while no plugin recognizes it. */
  #open(slot: number, packet: Packet): StreamConnection | undefined {
    const connection = this.#opener.open(slot, packet);
    if (connection === undefined) {
      if (this.#opener.isHopeless(slot)) this.#phases[slot] = Phase.Ignored;
      return undefined;
    }
    this.#connections[slot] = connection;
    this.#phases[slot] = Phase.Decoded;
    this.#endpoints.open(slot, packet);
    for (const segment of this.#opener.takeEarlier(slot)) {
      if (connection.decoder !== undefined) this.#processEarlier(connection, segment);
    }
    return connection.decoder === undefined ? undefined : connection;
  }

  /** Processes a segment that arrived before the connection was recognized. */
  #processEarlier(connection: StreamConnection, segment: FirstSegment): void {
    this.#inPlaceOf(this.#earlier, connection, (packet) => {
      writeFirstSegment(segment, packet);
      this.#process(connection, packet, segment.isFromLower === connection.isClientLower);
    });
  }

  /** Gives up the connections of a plugin that was switched off. */
  dropPlugin(plugin: number): void {
    for (const connection of this.#connections) {
      if (connection?.plugin !== plugin) continue;
      connection.dismiss();
      this.#settle(connection);
    }
  }

  #reassign(connection: StreamConnection, segment: CurrentSegment): Reassigned {
    const isHandedOver = connection.offersLeft > 0;
    const plugin = this.#opener.probe(segment, isHandedOver ? -1 : connection.plugin);
    if (plugin === -1) return this.#opener.isTooShort ? Reassigned.TooShort : Reassigned.No;
    if (isHandedOver) {
      this.#host.outputs[connection.plugin]!.endConnection(connection);
      connection.isRecognised = false;
      connection.offersLeft = 0;
    } else this.#host.count(connection.plugin, Verdict.NotMine);
    this.#budget.transfer(connection, plugin);
    connection.decoder = this.#opener.createDecoder(connection);
    if (connection.decoder !== undefined) return Reassigned.Yes;
    connection.dismiss();
    return Reassigned.No;
  }

  /** Updates the account of a connection after a packet, and makes room if a limit is exceeded. */
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

  /** Runs `deliver` with a substitute packet that has the connection's endpoints and the time of its last packet. */
  #withoutPacket(connection: StreamConnection, deliver: () => void): void {
    this.#inPlaceOf(this.#absent, connection, () => {
      connection.isWithoutPacket = true;
      deliver();
      connection.isWithoutPacket = false;
    });
  }

  /** Runs `deliver` with `packet` as the current packet; it has the connection's endpoints, and time and number of its last packet. */
  #inPlaceOf(packet: Packet, connection: StreamConnection, deliver: (packet: Packet) => void): void {
    const { context, tracker } = this.#host;
    this.#endpoints.restore(connection.slot, packet);
    packet.isFromLower = connection.isOpenedByClient === connection.isClientLower;
    packet.conversation = connection.slot;
    packet.time.copy(connection.lastTime);
    packet.arrival = connection.lastArrival;
    packet.certainArrival = Math.min(connection.lastArrival, context.packet.certainArrival);
    packet.frameNumber = connection.lastFrameNumber;
    const current = context.packet;
    context.packet = packet;
    deliver(packet);
    context.packet = current;
    // Results of the earlier bytes apply to the current packet, which is delivered after them.
    if (current.conversation === connection.slot) current.application = tracker.applicationOf(connection.slot);
  }
}
