/** A packet of a TCP connection as its state depends on it. */
export interface StatePacket {
  readonly isFromOriginator: boolean;
  readonly flags: number;
  readonly hasData: boolean;
}

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

/** What one endpoint did, by the number of the packet in which it did so first; infinite for what it did not do. */
class Endpoint {
  /** A packet of any kind. */
  any = Number.POSITIVE_INFINITY;
  syn = Number.POSITIVE_INFINITY;
  synAck = Number.POSITIVE_INFINITY;
  /** A packet without SYN, FIN and RST. */
  plain = Number.POSITIVE_INFINITY;
  /** One of those without data. */
  ack = Number.POSITIVE_INFINITY;
  fin = Number.POSITIVE_INFINITY;
  rst = Number.POSITIVE_INFINITY;

  note(index: number, flags: number, hasData: boolean): void {
    this.any = Math.min(this.any, index);
    if ((flags & SYN) !== 0 && (flags & ACK) === 0) this.syn = Math.min(this.syn, index);
    if ((flags & SYN) !== 0 && (flags & ACK) !== 0) this.synAck = Math.min(this.synAck, index);
    if ((flags & (SYN | FIN | RST)) === 0) this.plain = Math.min(this.plain, index);
    if ((flags & (SYN | FIN | RST)) === 0 && !hasData) this.ack = Math.min(this.ack, index);
    if ((flags & FIN) !== 0) this.fin = Math.min(this.fin, index);
    if ((flags & RST) !== 0) this.rst = Math.min(this.rst, index);
  }
}

/**
 * `conn_state` of a TCP connection by what Zeek's documentation reports about each value (scripts/base/protocols/conn/main.zeek), from its
 * packets in their order.
 *
 * SYN and SYN-ACK make a connection established; RSTOS0 is a SYN that a RST follows without more than data between them. Where the text is silent, the function `conn_state` of that script decides: RST comes
 * before FIN, the responder's before the originator's, except that an endpoint's RST after FINs of both sides changes nothing.
 */
export function zeekConnState(packets: readonly StatePacket[]): string {
  const originator = new Endpoint();
  const responder = new Endpoint();
  let isEmpty = true;
  for (const [index, { isFromOriginator, flags, hasData }] of packets.entries()) {
    (isFromOriginator ? originator : responder).note(index, flags, hasData);
    if (hasData) isEmpty = false;
  }
  const answered = isSeen(responder.synAck) || isSeen(responder.syn);
  if (isSeen(originator.syn))
    return answered ? established(originator, responder, isEmpty) : attempted(originator, responder);
  return answered ? answerOnly(originator, responder) : midstream(originator, responder);
}

function isSeen(index: number): boolean {
  return index !== Number.POSITIVE_INFINITY;
}

/** RST of an endpoint that had not ended with the FINs of both sides before it. */
function resets(own: Endpoint, peer: Endpoint): boolean {
  return isSeen(own.rst) && !(own.fin < own.rst && isSeen(peer.fin));
}

function established(originator: Endpoint, responder: Endpoint, isEmpty: boolean): string {
  if (resets(responder, originator)) return resets(originator, responder) && isEmpty ? "REJ" : "RSTR";
  if (resets(originator, responder)) return "RSTO";
  if (isSeen(originator.fin)) return isSeen(responder.fin) ? "SF" : "S2";
  return isSeen(responder.fin) ? "S3" : "S1";
}

/** SYN of the originator without an answer to it. */
function attempted(originator: Endpoint, responder: Endpoint): string {
  if (resets(responder, originator)) return "REJ";
  if (resets(originator, responder)) {
    if (isSeen(responder.fin)) return "RSTO";
    return Math.min(originator.fin, originator.ack) < originator.rst ? "OTH" : "RSTOS0";
  }
  if (isSeen(originator.fin)) return isSeen(responder.fin) ? "SF" : "SH";
  if (isSeen(responder.fin)) return "S3";
  return isSeen(responder.any) ? "OTH" : "S0";
}

/** SYN-ACK of the responder without a SYN. */
function answerOnly(originator: Endpoint, responder: Endpoint): string {
  if (resets(responder, originator)) return "RSTRH";
  if (resets(originator, responder)) return "RSTO";
  if (isSeen(originator.fin)) return isSeen(responder.fin) ? "SF" : "S2";
  if (isSeen(responder.fin)) return "SHR";
  // What the originator sends after the answer makes it established.
  return originator.plain > responder.synAck && isSeen(originator.plain) ? "S1" : "OTH";
}

function midstream(originator: Endpoint, responder: Endpoint): string {
  if (resets(responder, originator)) return "RSTRH";
  if (resets(originator, responder)) return isSeen(responder.fin) ? "RSTO" : "OTH";
  if (isSeen(originator.fin)) return isSeen(responder.fin) ? "SF" : "SH";
  return isSeen(responder.fin) ? "SHR" : "OTH";
}
