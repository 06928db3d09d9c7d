import { IpProtocol } from "../../packet/ip-protocol.js";
import { NO_CONVERSATION, type Packet } from "../../packet/packet.js";
import { MAX_SURE_BYTES } from "../../packet/sequence-doubt.js";
import { TcpFlag } from "../../packet/tcp-flag.js";
import { ConversationEnd } from "../../plugin/conversation-end.js";
import type { DispatchTable } from "../dispatch-table.js";
import { Challengers, isOfOpening } from "./challengers.js";
import { Client } from "./client.js";
import { ConversationMemory, SLOT_BYTES, SLOT_NUMBERS, SlotByte, SlotNumber } from "./conversation-memory.js";
import { ConversationTable } from "./conversation-table.js";
import { ConversationTimeouts } from "./conversation-timeouts.js";
import { type BothTags, DirectionTags } from "./direction-tags.js";
import type { ProxiedClient } from "./proxied-client.js";
import type { TagRule } from "./tag-rule.js";
import { TcpOpenings } from "./tcp-openings.js";
import { Wait } from "./wait.js";

// Constants of this module are inlined by the engine; those of an imported object are looked up at each use.
const TCP = IpProtocol.Tcp;
const SYN = TcpFlag.Syn;
const ACK = TcpFlag.Ack;
const RST = TcpFlag.Rst;
const FIN = TcpFlag.Fin;
const CLOSED = Wait.Closed;
const DATAGRAMS = Wait.Datagrams;
const HALF_OPEN = Wait.HalfOpen;
const ESTABLISHED = Wait.Established;

const NUMBERS = SLOT_NUMBERS;
const BYTES = SLOT_BYTES;
const ARRIVAL = SlotNumber.Arrival;
const CLIENT = SlotByte.Client;
const APPLICATION = SlotByte.Application;
/** Flags seen so far, from the lower endpoint and from the higher one. */
const TCP_FLAGS = SlotByte.TcpFlags;

/** Limits of the conversation table and its timeouts; times are those of the capture. */
export interface ConversationLimits {
  readonly maxConversations: number;
  readonly tagRule: TagRule;
  /** Idle timeout of a conversation that is not TCP. */
  readonly idleMs: number;
  /** Idle timeout of a TCP conversation of which only SYNs were seen. */
  readonly halfOpenMs: number;
  /** Idle timeout of an established TCP conversation. */
  readonly establishedMs: number;
  /** Time that a closed TCP conversation waits for stragglers. */
  readonly lingerMs: number;
}

/** Called when a conversation ends; afterwards its slot may belong to another one. */
export type ConversationEndListener = (slot: number, end: ConversationEnd) => void;

/**
 * Assigns each packet the slot of its conversation, and ends conversations: after an idle timeout, after TCP closed, or when the table
 * needs room for others. State of a conversation is kept in columns by slot, here and in the listeners.
 *
 * The outcome for a conversation does not depend on packets of others: a passed timeout takes effect at the next packet, whether
 * or not {@link advance} was called before.
 */
export class ConversationTracker {
  /** Conversations that ended early because the table was full. */
  evicted = 0;
  /** How the TCP connection of each slot began. */
  readonly openings: TcpOpenings;
  readonly #dispatch: Pick<DispatchTable, "tcpPorts" | "udpPorts">;
  readonly #table: ConversationTable;
  readonly #listeners: ConversationEndListener[] = [];
  readonly #timeouts: ConversationTimeouts;
  readonly #numbers: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #tags: DirectionTags;
  readonly #challengers = new Challengers();
  /** Sequence numbers of the RSTs that closed connections, by slot. */
  readonly #resets = new Map<number, number>();
  readonly #states = new Map<number, (object | undefined)[]>();
  /** Clients named by PROXY headers, by slot. */
  readonly #proxiedClients = new Map<number, ProxiedClient>();

  constructor(limits: ConversationLimits, dispatch: Pick<DispatchTable, "tcpPorts" | "udpPorts">) {
    this.#dispatch = dispatch;
    const { maxConversations } = limits;
    const memory = new ConversationMemory(maxConversations);
    this.#numbers = memory.numbers;
    this.#bytes = memory.bytes;
    this.#table = new ConversationTable(memory, limits.tagRule);
    this.#tags = new DirectionTags(maxConversations);
    this.#timeouts = new ConversationTimeouts(limits, memory, this.#table.order);
    this.openings = new TcpOpenings(memory);
  }

  /** Conversations in the table. */
  get size(): number {
    return this.#table.size;
  }

  /** Listeners are called in the order in which they were added. */
  onEnd(listener: ConversationEndListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Sets `packet.conversation` and `packet.isFromLower`; call it once for each packet. Returns true for the first packet of a
   * conversation. A packet without IP addresses does not have a conversation.
   */
  track(packet: Packet): boolean {
    if (packet.conversation !== NO_CONVERSATION || packet.addressLength === 0) return false;
    const table = this.#table;
    let slot = this.#find(packet);
    const { isFromLower } = table;
    // Listeners of an ended conversation may have looked up others, and the packet may match another conversation now.
    while (slot !== -1 && this.#endsBefore(slot, packet, isFromLower)) slot = this.#find(packet);
    const isNew = slot === -1 || this.#isChallenge(slot, packet, isFromLower);
    if (isNew) slot = slot === -1 ? this.#begin(packet) : this.#challenge(slot, packet, isFromLower);
    else {
      table.order.touch(slot);
      if (table.isRetagged) this.#tags.join(slot, packet, isFromLower, table.vlansOf(slot, !isFromLower));
    }
    const { arrival } = packet;
    // A packet out of order does not move the conversation's time back.
    if (isNew || arrival > this.#numbers[slot * NUMBERS + ARRIVAL]!) this.#numbers[slot * NUMBERS + ARRIVAL] = arrival;
    packet.conversation = slot;
    packet.isFromLower = isFromLower;
    packet.application = this.#bytes[slot * BYTES + APPLICATION]!;
    if (table.order.listOf(slot) !== DATAGRAMS) this.#trackTcp(slot, packet);
    return isNew;
  }

  /**
   * Prepares the lookup of the first `count` packets, which must be looked up next and unchanged: writes their keys and prefetches the
   * memory of their conversations. Returns the slots that most likely hold these; undefined if there are few conversations.
   */
  readAhead(packets: readonly Packet[], count: number): Int32Array | undefined {
    return this.#table.readAhead(packets, count);
  }

  /** See {@link ConversationTable.directionHash}. */
  directionHash(packet: Readonly<Packet>): number {
    return this.#table.directionHash(packet);
  }

  /** Assigns a packet that was seen before to the conversation of its original in `slot`, if that is still open; does not count as activity. */
  trackCopy(packet: Packet, slot: number): void {
    const table = this.#table;
    if (packet.addressLength === 0 || slot === NO_CONVERSATION) return;
    // The original got its ports from the reassembly, which skips copies.
    if (packet.fragmentOffset > 0) table.writePorts(packet, slot);
    if (!table.isOf(packet, slot)) return;
    packet.conversation = slot;
    packet.isFromLower = table.isFromLower;
    packet.application = this.#bytes[slot * BYTES + APPLICATION]!;
  }

  /** Marks the conversation as that of the plugin with this index plus one; 0 if the plugin is unknown. */
  setApplication(slot: number, application: number): void {
    this.#bytes[slot * BYTES + APPLICATION] = application;
  }

  /** Index plus one of the plugin that the conversation belongs to; 0 if the plugin is unknown. */
  applicationOf(slot: number): number {
    return this.#bytes[slot * BYTES + APPLICATION]!;
  }

  /** Which side is the client, according to packets and decoders so far. */
  clientOf(slot: number): Client {
    return this.#bytes[slot * BYTES + CLIENT]! as Client;
  }

  /**
   * Whether the packet's sender is the client of the conversation in `slot`. If no packet or decoder has shown the client, ports decide: the
   * server's
   * port is one that a plugin is bound to, one below 1024, or the lower port of TCP. Otherwise the sender is the client.
   */
  isFromClient(packet: Readonly<Packet>, slot: number): boolean {
    const client = this.clientOf(slot);
    if (client !== Client.Unknown) return ((client & 1) !== 0) === packet.isFromLower;
    const src = this.#portRank(packet.ipProtocol, packet.srcPort);
    const dst = this.#portRank(packet.ipProtocol, packet.dstPort);
    if (dst !== src) return dst > src;
    return packet.ipProtocol !== TCP || packet.dstPort <= packet.srcPort;
  }

  /** VLANs and tunnels of the packet's conversation if its directions were seen with different ones. */
  tags({ conversation }: Readonly<Packet>): BothTags | undefined {
    return conversation === NO_CONVERSATION ? undefined : this.#tags.get(conversation);
  }

  /** The client of the packet's conversation as named by a PROXY header; undefined without one. */
  proxiedClient({ conversation }: Readonly<Packet>): ProxiedClient | undefined {
    return this.#proxiedClients.size === 0 ? undefined : this.#proxiedClients.get(conversation);
  }

  /** Records the client that a PROXY header names for the conversation in `slot`. */
  learnProxiedClient(slot: number, client: ProxiedClient): void {
    this.#proxiedClients.set(slot, client);
  }

  /** Records which side of the packet's conversation is the client, as found by a decoder. */
  learnClient({ conversation }: Readonly<Packet>, isLower: boolean): void {
    if (conversation !== NO_CONVERSATION) this.learnClientOf(conversation, isLower);
  }

  /** As the previous method, for the conversation in `slot`. */
  learnClientOf(slot: number, isLower: boolean): void {
    this.#learnClient(slot, isLower ? Client.LowerTold : Client.HigherTold);
  }

  /** Ends the conversations whose idle or close timeout has passed at `now`. */
  advance(now: number): void {
    for (
      let slot = this.#timeouts.nextToEnd();
      slot !== -1 && this.#timeouts.isIdle(slot, now);
      slot = this.#timeouts.nextToEnd()
    ) {
      this.#end(slot, ConversationEnd.Idle);
    }
  }

  /** Limits arrivals to `now` after a clock jump turned out to be wrong: later arrivals become `now`. */
  rewind(now: number): void {
    this.#timeouts.rewind(now);
  }

  /** The input ended at `now`: ends every conversation, the one without a packet for the longest time first. */
  finish(now: number): void {
    for (let slot = this.#timeouts.longest(); slot !== -1; slot = this.#timeouts.longest()) {
      this.#end(slot, this.#timeouts.isIdle(slot, now) ? ConversationEnd.Idle : ConversationEnd.EndOfInput);
    }
  }

  /** State that plugin number `plugin` keeps for the packet's conversation; for a packet without a conversation, a new state. */
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
    // A plugin asks for one kind of state only: the one that its own `create` makes.
    if (kept !== undefined) return kept as State;
    const created = create();
    states[plugin] = created;
    return created;
  }

  /** Drops the state that plugin number `plugin` keeps for the packet's conversation. */
  dropState({ conversation }: Packet, plugin: number): void {
    const states = this.#states.get(conversation);
    if (states !== undefined) states[plugin] = undefined;
  }

  /** Likelihood that a port is the server's: higher if a plugin is bound to it, or if it is below 1024 (RFC 6335, section 6). */
  #portRank(ipProtocol: number, port: number): number {
    if (ipProtocol !== TCP && ipProtocol !== IpProtocol.Udp) return 0;
    const { tcpPorts, udpPorts } = this.#dispatch;
    if ((ipProtocol === TCP ? tcpPorts : udpPorts)[port] !== 0) return 2;
    return port > 0 && port < 1024 ? 1 : 0;
  }

  /** The slot of the packet's conversation, -1 without one. */
  #find(packet: Readonly<Packet>): number {
    const table = this.#table;
    const slot = table.find(packet);
    if (slot === -1 || this.#challengers.isEmpty) return slot;
    const challenge = this.#challengers.find(slot);
    if (challenge === undefined) return slot;
    const { incumbent, challenger, isOpenedByLower } = challenge;
    const { isFromLower } = table;
    const number = this.openings.initialNumber(challenger, isOpenedByLower);
    if (!isOfOpening(packet, number, isFromLower === isOpenedByLower)) return incumbent;
    const isAnswer = (packet.tcpFlags & RST) === 0;
    if (isAnswer && (isFromLower !== isOpenedByLower || (packet.tcpFlags & SYN) === 0)) {
      this.#end(incumbent, ConversationEnd.Closed);
      table.find(packet);
    }
    return challenger;
  }

  /** Whether the packet is a SYN that begins another conversation only if it is answered; see {@link Challengers}. */
  #isChallenge(slot: number, packet: Readonly<Packet>, isFromLower: boolean): boolean {
    if ((packet.tcpFlags & (SYN | ACK)) !== SYN) return false;
    const lower = this.#bytes[slot * BYTES + TCP_FLAGS]!;
    const higher = this.#bytes[slot * BYTES + TCP_FLAGS + 1]!;
    if (lower === 0 || higher === 0) return false;
    const wait = this.#table.order.listOf(slot);
    // FIN and RST could be forged, too.
    const mayBeOpen = wait === ESTABLISHED || wait === CLOSED;
    return mayBeOpen && this.openings.isAnother(slot, packet, isFromLower, wait === CLOSED);
  }

  /** Takes a slot for a SYN within the conversation in `slot`. */
  #challenge(slot: number, packet: Readonly<Packet>, isFromLower: boolean): number {
    const earlier = this.#challengers.find(slot);
    if (earlier !== undefined) this.#end(earlier.challenger, ConversationEnd.Closed);
    this.#challengers.announce(slot);
    this.#table.find(packet);
    const challenger = this.#begin(packet);
    this.#challengers.add(challenger, isFromLower);
    return challenger;
  }

  /** Takes a slot for the conversation that the packet begins. */
  #begin(packet: Readonly<Packet>): number {
    const table = this.#table;
    if (table.size === table.capacity) {
      this.advance(packet.certainArrival);
      if (table.size === table.capacity) {
        this.evicted++;
        this.#end(this.#timeouts.nextToEvict(packet.certainArrival), ConversationEnd.Evicted);
      }
      table.find(packet);
    }
    const slot = table.insert();
    if (packet.tunnels.depth > 0) this.#tags.begin(slot, packet);
    table.order.begin(slot, packet.ipProtocol === TCP ? HALF_OPEN : DATAGRAMS);
    this.#bytes[slot * BYTES + APPLICATION] = 0;
    this.#bytes[slot * BYTES + CLIENT] = Client.Unknown;
    this.#bytes[slot * BYTES + TCP_FLAGS] = 0;
    this.#bytes[slot * BYTES + TCP_FLAGS + 1] = 0;
    return slot;
  }

  /** Ends a conversation that the packet cannot belong to: it timed out, or the packet opens another one. */
  #endsBefore(slot: number, packet: Readonly<Packet>, isFromLower: boolean): boolean {
    const wait = this.#table.order.listOf(slot);
    if (wait !== DATAGRAMS && (packet.tcpFlags & SYN) !== 0) {
      const isAnother = this.openings.isAnother(slot, packet, isFromLower, wait === CLOSED);
      if (isAnother && !this.#isChallenge(slot, packet, isFromLower)) {
        this.#end(slot, ConversationEnd.Closed);
        return true;
      }
    }
    if (!this.#timeouts.isIdle(slot, packet.arrival)) return false;
    this.#end(slot, ConversationEnd.Idle);
    return true;
  }

  #trackTcp(slot: number, packet: Readonly<Packet>): void {
    const { tcpFlags, isFromLower } = packet;
    this.openings.learn(slot, packet, isFromLower);
    const side = slot * BYTES + TCP_FLAGS + (isFromLower ? 0 : 1);
    if (this.#table.order.listOf(slot) === CLOSED) this.#reopen(slot, side, packet);
    const all = this.#bytes[side]! | (tcpFlags & 0xff);
    if (all === this.#bytes[side]) return;
    this.#bytes[side] = all;
    if ((tcpFlags & RST) !== 0) this.#resets.set(slot, packet.tcpSequence);
    if ((tcpFlags & SYN) !== 0) {
      const isClient = (tcpFlags & ACK) === 0;
      this.#learnClient(slot, isClient === isFromLower ? Client.LowerOpened : Client.HigherOpened);
    }
    const { order } = this.#table;
    const wait = order.listOf(slot);
    if (wait === CLOSED) return;
    if (this.#isClosed(slot)) order.change(slot, CLOSED);
    else if (wait === HALF_OPEN && (tcpFlags & SYN) === 0) order.change(slot, ESTABLISHED);
  }

  /**
   * Whether a side continues after an RST in its name, which it then did not send: the receiver discards an RST with another sequence
   * number (RFC 9293, section 3.10.7.4). Packets sent shortly before the RST may be captured after it.
   */
  #reopen(slot: number, side: number, { tcpFlags, tcpSequence, payloadLengthBytes }: Readonly<Packet>): void {
    if ((this.#bytes[side]! & RST) === 0 || (tcpFlags & (RST | SYN)) !== 0) return;
    const ahead = (tcpSequence + payloadLengthBytes - (this.#resets.get(slot) ?? 0)) | 0;
    if (ahead <= 0 && ahead >= -MAX_SURE_BYTES) return;
    this.#resets.delete(slot);
    this.#bytes[side]! &= ~RST;
    if (!this.#isClosed(slot)) this.#table.order.change(slot, ESTABLISHED);
  }

  #learnClient(slot: number, client: Client): void {
    if (client >> 1 > this.#bytes[slot * BYTES + CLIENT]! >> 1) this.#bytes[slot * BYTES + CLIENT] = client;
  }

  /** Whether both sides sent FIN or one sent RST. */
  #isClosed(slot: number): boolean {
    const lower = this.#bytes[slot * BYTES + TCP_FLAGS]!;
    const higher = this.#bytes[slot * BYTES + TCP_FLAGS + 1]!;
    return ((lower | higher) & RST) !== 0 || (lower & higher & FIN) !== 0;
  }

  #end(slot: number, end: ConversationEnd): void {
    const isClosed = this.#table.order.listOf(slot) === CLOSED;
    for (const listener of this.#listeners) listener(slot, isClosed ? ConversationEnd.Closed : end);
    if (this.#states.size > 0) this.#states.delete(slot);
    if (this.#proxiedClients.size > 0) this.#proxiedClients.delete(slot);
    this.openings.reset(slot);
    this.#challengers.end(slot);
    if (isClosed) this.#resets.delete(slot);
    this.#tags.forget(slot);
    this.#table.remove(slot);
  }
}
