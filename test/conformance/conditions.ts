import { registry } from "../../generated/registry.js";
import { type Difference, NOTHING } from "./difference.js";
import { has, hasValue, type TsharkFrame } from "./tshark-frame.js";

/** A condition that a reason of a known difference sets. */
export type Condition = (difference: Difference) => boolean;

/** Ours has a value where tshark has none. */
export const onlyOurs: Condition = ({ ours, tshark }) => ours !== NOTHING && tshark === NOTHING;
/** tshark has a value where ours has none. */
export const onlyTsharks: Condition = ({ ours, tshark }) => ours === NOTHING && tshark !== NOTHING;
/** A frame that tshark treats as the protocol's and that no row represents. */
export const inNoRow: Condition = ({ ours, tshark }) => ours === "in 0 rows" && tshark.startsWith("1 message");
/** A row represents a frame that tshark does not assign to the protocol's. */
export const onlyInRow: Condition = ({ ours, tshark }) => ours === "in 1 rows" && tshark === "0 message";
/** tshark calls the frame malformed. */
export const isMalformed: Condition = ({ evidence }) => has(evidence.frame, "_ws.malformed");
/** The capture has less of the frame than was on the wire. */
export const isCut: Condition = ({ evidence }) => isCutFrame(evidence.frame);
/** The plugin counted what the frame holds or completes as malformed or truncated. */
export const isRefused: Condition = ({ evidence, resource, frame }) => {
  const { ours } = evidence.readings;
  return ours.refused(resource, frame, "malformed") || ours.refused(resource, frame, "truncated");
};
/** Both sides read the layers of the frame otherwise, which is a difference of its own. */
export const hasOtherLayers: Condition = ({ evidence, frame }) => evidence.readings.otherLayers.byFrame.has(frame);

/** Whether a frame holds one of these protocols or fields. */
export function hasField(...fields: readonly string[]): Condition {
  return ({ evidence }) => has(evidence.frame, ...fields);
}

/** Whether all conditions are. */
export function all(...conditions: readonly Condition[]): Condition {
  return (difference) => conditions.every((condition) => condition(difference));
}

/** Whether one of the conditions is. */
export function some(...conditions: readonly Condition[]): Condition {
  return (difference) => conditions.some((condition) => condition(difference));
}

/** True in one of these frames, for captures in which a person reviewed each of them. */
export function inFrames(...frames: readonly number[]): Condition {
  return ({ frame }) => frames.includes(frame);
}

/** True of a frame of which the capture has a part. */
export function isCutFrame(frame: TsharkFrame | undefined): boolean {
  const [length, captured] = [frame?.["frame.len"]?.[0], frame?.["frame.cap_len"]?.[0]];
  return length !== captured;
}

/** Ports of a frame's innermost packet. */
export function portsOf(frame: TsharkFrame | undefined): number[] {
  const ports = (transport: string) =>
    ["srcport", "dstport"].flatMap((end) => frame?.[`${transport}.${end}`]?.slice(-1) ?? []);
  return (has(frame, "tcp.srcport") ? ports("tcp") : ports("udp")).map(Number);
}

/** The response comes from another address than the request went to, which is a group or a broadcast address. */
export const isAnsweredByMember: Condition = (difference) => {
  const { row } = difference.evidence;
  const response = frameNumbered(difference, String(row?.["response_frame"]));
  const source = (response?.["ip.src"] ?? []).concat(response?.["ipv6.src"] ?? []).at(-1);
  return source !== undefined && source !== row?.["dst_address"];
};

/** The request was sent again before it was answered, and tshark pairs the response with a later copy. */
export const isSentAgain: Condition = ({ ours, tshark, evidence }) =>
  Number(evidence.row?.["retransmissions"]) > 0 && (tshark === NOTHING || Number(ours) > Number(tshark));

/** Frames of the TCP connection that tshark counts the frame to are in more than one VLAN. */
export const isInSeveralVlans: Condition = ({ evidence }) => {
  const stream = evidence.frame?.["tcp.stream"]?.[0] ?? "";
  const frames = evidence.readings.tshark.frames.filter((frame) => hasValue(frame, "tcp.stream", stream));
  return new Set(frames.map((frame) => String(frame["vlan.id"]))).size > 1;
};

/** Whether neither port of the frame is one that a plugin is bound to. */
export function isOnUnboundPorts({ evidence, resource }: Difference): boolean {
  const bindings = registry.plugins.find(({ table }) => table.resource === resource)?.bindings;
  const bound = new Set([...(bindings?.udpPorts ?? []), ...(bindings?.tcpPorts ?? [])]);
  const ports = portsOf(evidence.frame);
  return ports.length > 0 && !ports.some((port) => bound.has(port));
}

/** The frame with a number that tshark shows in a field, such as `http.response_in`. */
export function frameNumbered({ evidence }: Difference, number: string | undefined): TsharkFrame | undefined {
  return evidence.readings.tshark.frames[Number(number) - 1];
}
