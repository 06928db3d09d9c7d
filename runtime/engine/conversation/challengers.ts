import type { Packet } from "../../packet/packet.js";
import { TcpFlag } from "../../packet/tcp-flag.js";

const NONE = -1;
/** How far into a connection a packet may be to show that its SYN was answered: a first window. */
const MAX_OPENING_BYTES = 65_536;

/** Two conversations of the same endpoints: an open one, and one that a SYN inside it may begin. */
export interface Challenge {
  readonly incumbent: number;
  readonly challenger: number;
  /** The lower endpoint sent the SYN. */
  readonly isOpenedByLower: boolean;
}

/**
 * SYNs inside connections that are open on both sides, with another sequence number than that of their own SYN, in slots of their own. A host
 * with such a connection does not accept one (RFC 9293, section 3.10.7.4; RFC 5961, section 4): anyone could send it. It begins another
 * connection where the other side answers it, as a host does that lost the first one, or where its sender continues it: the answer may not have
 * been captured.
 */
export class Challengers {
  /** By both slots. */
  readonly #challenges = new Map<number, Challenge>();
  #challenged = NONE;

  get isEmpty(): boolean {
    return this.#challenges.size === 0;
  }

  /** The challenge that the slot's conversation has part in. */
  find(slot: number): Challenge | undefined {
    return this.#challenges.get(slot);
  }

  /** The conversation in `slot` is about to be challenged, unless it ends before. */
  announce(slot: number): void {
    this.#challenged = slot;
  }

  /** The announced challenger has its slot. */
  add(challenger: number, isLower: boolean): void {
    const incumbent = this.#challenged;
    this.#challenged = NONE;
    if (incumbent === NONE) return;
    const challenge = { incumbent, challenger, isOpenedByLower: isLower };
    this.#challenges.set(incumbent, challenge);
    this.#challenges.set(challenger, challenge);
  }

  /** The conversation in `slot` ended. */
  end(slot: number): void {
    if (slot === this.#challenged) this.#challenged = NONE;
    const challenge = this.#challenges.get(slot);
    if (challenge === undefined) return;
    this.#challenges.delete(challenge.incumbent);
    this.#challenges.delete(challenge.challenger);
  }
}

/**
 * True for a packet of the connection that a SYN with this number opened: from its sender, one that continues the SYN; from the other side, one
 * that acknowledges it.
 */
export function isOfOpening(packet: Readonly<Packet>, number: number, isFromOpener: boolean): boolean {
  const { tcpFlags, tcpSequence, tcpAcknowledgement } = packet;
  const isSyn = (tcpFlags & TcpFlag.Syn) !== 0;
  if (!isFromOpener && (tcpFlags & TcpFlag.Ack) === 0) return false;
  const at = isFromOpener ? tcpSequence - (isSyn ? 0 : 1) : tcpAcknowledgement - 1;
  const ahead = (at - number) | 0;
  return ahead === 0 || (ahead > 0 && ahead < MAX_OPENING_BYTES && !isSyn);
}
