import type { Packet } from "../../packet/packet.js";
import { TcpFlag } from "../../packet/tcp-flag.js";

const NONE = -1;
/** Maximum distance of a packet from the initial sequence number for it to show that its SYN was answered: a first window. */
const MAX_OPENING_BYTES = 65_536;

/** Two conversations of the same endpoints: an open one, and one that a SYN within it may begin. */
export interface Challenge {
  readonly incumbent: number;
  readonly challenger: number;
  /** The lower endpoint sent the SYN. */
  readonly isOpenedByLower: boolean;
}

/**
 * SYNs received within connections that are open on both sides, with a sequence number that differs from that of the connection's own
 * SYN; each has a slot of its own. A host with such a connection does not accept them (RFC 9293, section 3.10.7.4; RFC 5961, section 4),
 * because anyone could send one. The SYN begins another connection if the other side answers it, as a host does that lost the first
 * connection, or if its sender continues it, because the answer may not have been captured.
 */
export class Challengers {
  /** By both slots. */
  readonly #challenges = new Map<number, Challenge>();
  #challenged = NONE;

  get isEmpty(): boolean {
    return this.#challenges.size === 0;
  }

  /** The challenge that the slot's conversation takes part in. */
  find(slot: number): Challenge | undefined {
    return this.#challenges.get(slot);
  }

  /** Announces a challenger of the conversation in `slot`; cancelled if that conversation ends first. */
  announce(slot: number): void {
    this.#challenged = slot;
  }

  /** Records the slot of the announced challenger. */
  add(challenger: number, isLower: boolean): void {
    const incumbent = this.#challenged;
    this.#challenged = NONE;
    if (incumbent === NONE) return;
    const challenge = { incumbent, challenger, isOpenedByLower: isLower };
    this.#challenges.set(incumbent, challenge);
    this.#challenges.set(challenger, challenge);
  }

  /** Called when the conversation in `slot` ended. */
  end(slot: number): void {
    if (slot === this.#challenged) this.#challenged = NONE;
    const challenge = this.#challenges.get(slot);
    if (challenge === undefined) return;
    this.#challenges.delete(challenge.incumbent);
    this.#challenges.delete(challenge.challenger);
  }
}

/**
 * Whether a packet belongs to the connection that a SYN with this number opened: the sender's packet continues the SYN, or the other side's
 * packet acknowledges it.
 */
export function isOfOpening(packet: Readonly<Packet>, number: number, isFromOpener: boolean): boolean {
  const { tcpFlags, tcpSequence, tcpAcknowledgement } = packet;
  const isSyn = (tcpFlags & TcpFlag.Syn) !== 0;
  if (!isFromOpener && (tcpFlags & TcpFlag.Ack) === 0) return false;
  const at = isFromOpener ? tcpSequence - (isSyn ? 0 : 1) : tcpAcknowledgement - 1;
  const ahead = (at - number) | 0;
  return ahead === 0 || (ahead > 0 && ahead < MAX_OPENING_BYTES && !isSyn);
}
