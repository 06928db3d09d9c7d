import { IpProtocol } from "../packet/ip-protocol.js";
import { NO_CONVERSATION, type Packet } from "../packet/packet.js";
import { TcpFlag } from "../packet/tcp-flag.js";
import { TWO_32 } from "../wire/nanoseconds-between.js";
import { Timestamp } from "../wire/timestamp.js";
import { ConversationEnd } from "./conversation-end.js";
import { ConversationTable } from "./conversation-table.js";

/** Bounds of the conversations that are known at once, and when they end; times are of the capture. */
export interface ConversationLimits {
  readonly maxConversations: number;
  readonly idleTimeoutMs: number;
  /** How long a closed TCP conversation waits for stragglers. */
  readonly lingerMs: number;
}

/** Told when a conversation ends, whose last packet came at `last`; its slot is another's afterwards. */
export type ConversationEndListener = (slot: number, end: ConversationEnd, last: Timestamp) => void;

/**
 * Gives each packet the slot of its conversation, and ends conversations: after a time without packets, when TCP closed, when room
 * is needed for others. What is known of a conversation is kept in columns by slot, here and in those who listen.
 */
export class ConversationTracker {
  /** Conversations that ended early because the table was full. */
  evicted = 0;
  /** Index of the plugin that the conversation belongs to plus one, 0 while that is not known. */
  readonly applications: Uint8Array;
  readonly #table: ConversationTable;
  readonly #listeners: ConversationEndListener[] = [];
  readonly #idleNanoseconds: number;
  readonly #lingerNanoseconds: number;
  /** Times of the last packets, two halves a slot. */
  readonly #lastTimes: Uint32Array;
  readonly #protocols: Uint8Array;
  /** TCP flags so far, two a slot: from the lower endpoint and from the higher one. */
  readonly #tcpFlags: Uint8Array;
  /** Slots that closed, oldest first, each with the generation that the slot then had. */
  readonly #closing: { slot: number; generation: number }[] = [];
  readonly #generations: Uint32Array;
  readonly #last = new Timestamp();
  readonly #states = new Map<number, (object | undefined)[]>();

  constructor({ maxConversations, idleTimeoutMs, lingerMs }: ConversationLimits) {
    this.#table = new ConversationTable(maxConversations);
    this.#idleNanoseconds = idleTimeoutMs * 1e6;
    this.#lingerNanoseconds = lingerMs * 1e6;
    this.applications = new Uint8Array(maxConversations);
    this.#lastTimes = new Uint32Array(maxConversations * 2);
    this.#protocols = new Uint8Array(maxConversations);
    this.#tcpFlags = new Uint8Array(maxConversations * 2);
    this.#generations = new Uint32Array(maxConversations);
  }

  /** Conversations known now. */
  get size(): number {
    return this.#table.size;
  }

  /** Listeners are called in the order in which they came. */
  onEnd(listener: ConversationEndListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Sets `packet.conversation` and `packet.isFromLower`, once a packet; true for the first packet of a conversation. A packet without
   * IP addresses has no conversation.
   */
  track(packet: Packet): boolean {
    if (packet.conversation !== NO_CONVERSATION || packet.addressLength === 0) return false;
    const table = this.#table;
    let slot = table.find(packet);
    if (slot !== -1 && this.#endsBefore(slot, packet)) {
      // Ending a conversation looked up other ones, maybe.
      table.find(packet);
      slot = -1;
    }
    const isNew = slot === -1;
    if (isNew) {
      if (table.size === table.capacity) {
        this.evicted++;
        this.#end(table.oldest, ConversationEnd.Evicted);
        table.find(packet);
      }
      slot = table.insert();
      this.#protocols[slot] = packet.ipProtocol;
      this.applications[slot] = 0;
      this.#tcpFlags[slot * 2] = 0;
      this.#tcpFlags[slot * 2 + 1] = 0;
    } else table.touch(slot);
    this.#lastTimes[slot * 2] = packet.time.high;
    this.#lastTimes[slot * 2 + 1] = packet.time.low;
    packet.conversation = slot;
    packet.isFromLower = table.isFromLower;
    packet.application = this.applications[slot]!;
    if (packet.ipProtocol === IpProtocol.Tcp) this.#addTcpFlags(slot, packet);
    return isNew;
  }

  /** Ends what has been idle, or closed, for long enough at `now`. */
  advance(now: Timestamp): void {
    let closed = 0;
    for (const { slot, generation } of this.#closing) {
      if (this.#generations[slot] === generation) {
        if (this.#nanosecondsSinceLast(slot, now) < this.#lingerNanoseconds) break;
        this.#end(slot, ConversationEnd.Closed);
      }
      closed++;
    }
    if (closed > 0) this.#closing.splice(0, closed);
    const table = this.#table;
    while (table.oldest !== -1 && this.#nanosecondsSinceLast(table.oldest, now) >= this.#idleNanoseconds) {
      this.#end(table.oldest, ConversationEnd.Idle);
    }
  }

  /** Ends every conversation, the one longest without a packet first. */
  finish(): void {
    while (this.#table.oldest !== -1) this.#end(this.#table.oldest, ConversationEnd.EndOfInput);
    this.#closing.length = 0;
  }

  /** What plugin number `plugin` keeps of the packet's conversation; a packet without one gets a state of its own. */
  state<State extends object>(packet: Packet, plugin: number, create: () => State): State {
    this.track(packet);
    const slot = packet.conversation;
    if (slot === NO_CONVERSATION) return create();
    let states = this.#states.get(slot);
    if (states === undefined) {
      states = [];
      this.#states.set(slot, states);
    }
    const kept = states[plugin];
    // A plugin asks for one kind of state only, the one that its own `create` makes.
    if (kept !== undefined) return kept as State;
    const created = create();
    states[plugin] = created;
    return created;
  }

  /** Drops what plugin number `plugin` keeps of the packet's conversation. */
  dropState({ conversation }: Packet, plugin: number): void {
    const states = this.#states.get(conversation);
    if (states !== undefined) states[plugin] = undefined;
  }

  /** Ends a conversation that the packet cannot belong to: it idled out, or it closed and the packet opens another. */
  #endsBefore(slot: number, packet: Readonly<Packet>): boolean {
    const isOpening =
      packet.ipProtocol === IpProtocol.Tcp && (packet.tcpFlags & (TcpFlag.Syn | TcpFlag.Ack)) === TcpFlag.Syn;
    if (isOpening && this.#isClosed(slot)) {
      this.#end(slot, ConversationEnd.Closed);
      return true;
    }
    if (this.#nanosecondsSinceLast(slot, packet.time) < this.#idleNanoseconds) return false;
    this.#end(slot, ConversationEnd.Idle);
    return true;
  }

  #addTcpFlags(slot: number, packet: Readonly<Packet>): void {
    const side = slot * 2 + (packet.isFromLower ? 0 : 1);
    const all = this.#tcpFlags[side]! | (packet.tcpFlags & 0xff);
    if (all === this.#tcpFlags[side]) return;
    const wasClosed = this.#isClosed(slot);
    this.#tcpFlags[side] = all;
    if (!wasClosed && this.#isClosed(slot)) this.#closing.push({ slot, generation: this.#generations[slot]! });
  }

  /** FIN from both sides, or RST from one. */
  #isClosed(slot: number): boolean {
    const lower = this.#tcpFlags[slot * 2]!;
    const higher = this.#tcpFlags[slot * 2 + 1]!;
    return ((lower | higher) & TcpFlag.Rst) !== 0 || (lower & higher & TcpFlag.Fin) !== 0;
  }

  #end(slot: number, end: ConversationEnd): void {
    const isClosed = this.#protocols[slot] === IpProtocol.Tcp && this.#isClosed(slot);
    this.#last.high = this.#lastTimes[slot * 2]!;
    this.#last.low = this.#lastTimes[slot * 2 + 1]!;
    for (const listener of this.#listeners) listener(slot, isClosed ? ConversationEnd.Closed : end, this.#last);
    this.#generations[slot]!++;
    if (this.#states.size > 0) this.#states.delete(slot);
    this.#table.remove(slot);
  }

  #nanosecondsSinceLast(slot: number, now: Timestamp): number {
    const times = this.#lastTimes;
    // As nanosecondsBetween, written out: the call costs 2 % of a flow's packet.
    return (now.high - times[slot * 2]!) * TWO_32 + (now.low - times[slot * 2 + 1]!);
  }
}
