import { ConnState } from "../../generated/flow/flow_enums.js";
import { Event, sideOf } from "./history.js";

/** What one endpoint of a TCP connection has done, in the terms of Zeek's analysis. */
const Endpoint = { Inactive: 0, SynSent: 1, SynAckSent: 2, Partial: 3, Established: 4, Closed: 5, Reset: 6 } as const;

type Endpoint = (typeof Endpoint)[keyof typeof Endpoint];

/** What the source may send between SYN and RST of RSTOS0, as the script of Zeek's documentation has it (`conn_state`). */
const MAY_PRECEDE_RST: readonly number[] = [Event.Data, Event.Retransmission, Event.ZeroWindow];

/**
 * State of a TCP connection as Zeek's conn.log has it (`conn_state` in its documentation of conn.log), from the first event of each kind
 * on each side, in order. `source` is the side, 0 or 1, that opened it; `isEmpty` where neither side sent data.
 */
export function tcpState(events: Uint8Array, source: number, isEmpty: boolean): number {
  let origin: Endpoint = Endpoint.Inactive;
  let responder: Endpoint = Endpoint.Inactive;
  let originWasClosed = false;
  let responderWasClosed = false;
  for (const event of events) {
    const isOrigin = sideOf(event) === source;
    const own: Endpoint = isOrigin ? origin : responder;
    const peer: Endpoint = isOrigin ? responder : origin;
    const next = after(event & Event.Mask, own, peer, isOrigin);
    if (next === Endpoint.Reset && own === Endpoint.Closed) {
      if (isOrigin) originWasClosed = true;
      else responderWasClosed = true;
    }
    if (isOrigin) origin = next;
    else responder = next;
    if (!isOrigin && next === Endpoint.Established && origin === Endpoint.SynSent) origin = Endpoint.Established;
    // FIN and RST of one side, and the FIN of the other, are a normal end.
    if (next === Endpoint.Closed && own !== Endpoint.Closed) {
      if (isOrigin && responder === Endpoint.Reset && responderWasClosed) responder = Endpoint.Closed;
      if (!isOrigin && origin === Endpoint.Reset && originWasClosed) origin = Endpoint.Closed;
    }
  }
  const state = stateOf(origin, responder, isEmpty);
  return state === ConnState.RSTOS0 && !isSynThenRst(events, source) ? ConnState.OTH : state;
}

/** Whether the connection begins with the source's SYN, and its RST follows with nothing but data of its own between them. */
function isSynThenRst(events: Uint8Array, source: number): boolean {
  if (sideOf(events[0]!) !== source || (events[0]! & Event.Mask) !== Event.Syn) return false;
  for (const event of events) {
    if (sideOf(event) !== source) continue;
    const kind = event & Event.Mask;
    if (kind === Event.Rst) return true;
    if (kind !== Event.Syn && !MAY_PRECEDE_RST.includes(kind)) return false;
  }
  return false;
}

/** State of a conversation over another transport, by which sides sent anything. */
export function datagramState(hasSource: boolean, hasDestination: boolean): number {
  if (hasSource) return hasDestination ? ConnState.SF : ConnState.S0;
  return hasDestination ? ConnState.SHR : ConnState.OTH;
}

/** What an endpoint is after an event of its own. */
function after(event: number, own: Endpoint, peer: Endpoint, isOrigin: boolean): Endpoint {
  switch (event) {
    case Event.Fin:
      return own === Endpoint.Reset ? own : Endpoint.Closed;
    case Event.Rst:
      return own === Endpoint.Closed && peer === Endpoint.Closed ? own : Endpoint.Reset;
    case Event.Syn:
    case Event.SynAck:
      return afterSyn(event, own, peer, isOrigin);
    case Event.Ack:
    case Event.Data:
      if (own !== Endpoint.Inactive) return own;
      if (!isOrigin && event === Event.Ack && peer === Endpoint.SynSent) return own;
      return peer === Endpoint.Established ? Endpoint.Established : Endpoint.Partial;
    default:
      return own === Endpoint.Inactive ? Endpoint.Partial : own;
  }
}

function afterSyn(event: number, own: Endpoint, peer: Endpoint, isOrigin: boolean): Endpoint {
  if (own === Endpoint.Inactive) {
    if (!isOrigin) return Endpoint.Established;
    return event === Event.Syn
      ? peer === Endpoint.Established
        ? Endpoint.Established
        : Endpoint.SynSent
      : Endpoint.SynAckSent;
  }
  return own === Endpoint.Partial && peer === Endpoint.Inactive && event === Event.Syn ? Endpoint.SynSent : own;
}

function stateOf(origin: Endpoint, responder: Endpoint, isEmpty: boolean): number {
  const isOriginQuiet = origin === Endpoint.Inactive || origin === Endpoint.Partial;
  const isResponderQuiet = responder === Endpoint.Inactive || responder === Endpoint.Partial;
  if (responder === Endpoint.Reset) {
    const isOpening = origin === Endpoint.SynSent || origin === Endpoint.SynAckSent;
    if (isOpening || (origin === Endpoint.Reset && isEmpty)) return ConnState.REJ;
    return isOriginQuiet ? ConnState.RSTRH : ConnState.RSTR;
  }
  if (origin === Endpoint.Reset) return isResponderQuiet ? ConnState.RSTOS0 : ConnState.RSTO;
  if (origin === Endpoint.Closed) {
    if (responder === Endpoint.Closed) return ConnState.SF;
    return isResponderQuiet ? ConnState.SH : ConnState.S2;
  }
  if (responder === Endpoint.Closed) return isOriginQuiet ? ConnState.SHR : ConnState.S3;
  if (origin === Endpoint.SynSent && responder === Endpoint.Inactive) return ConnState.S0;
  return origin === Endpoint.Established && responder === Endpoint.Established ? ConnState.S1 : ConnState.OTH;
}
