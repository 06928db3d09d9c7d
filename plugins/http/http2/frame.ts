import { ascii, uint16, uint24, uint32 } from "../../../runtime/plugin/index.js";
import { mayStartWith } from "../ascii.js";

/** What a client's side of a connection begins with (RFC 9113, section 3.4). */
export const CLIENT_PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Bytes before a frame's payload (RFC 9113, section 4.1). */
export const FRAME_HEADER_BYTES = 9;

/** Longest payload until SETTINGS_MAX_FRAME_SIZE allows more, and the longest that it can allow. */
export const DEFAULT_FRAME_BYTES = 16384;
export const MAX_FRAME_BYTES = 2 ** 24 - 1;

/** IANA registry "HTTP/2 Frame Type" (RFC 9113, section 6). */
export const FrameType = {
  Data: 0,
  Headers: 1,
  Priority: 2,
  RstStream: 3,
  Settings: 4,
  PushPromise: 5,
  Ping: 6,
  GoAway: 7,
  WindowUpdate: 8,
  Continuation: 9,
  /** RFC 7838, section 4. */
  AltSvc: 10,
  /** RFC 8336, section 2. */
  Origin: 12,
  /** RFC 9218, section 7.1. */
  PriorityUpdate: 16,
} as const;

/** Flags of frames; ACK of SETTINGS and PING has END_STREAM's place. */
export const FrameFlag = { EndStream: 0x01, Ack: 0x01, EndHeaders: 0x04, Padded: 0x08, Priority: 0x20 } as const;

const { EndStream, Ack, EndHeaders, Padded, Priority } = FrameFlag;

/** Flags that a frame of each known type may have, by type. */
const FLAGS = new Map<number, number>([
  [FrameType.Data, EndStream | Padded],
  [FrameType.Headers, EndStream | EndHeaders | Padded | Priority],
  [FrameType.Priority, 0],
  [FrameType.RstStream, 0],
  [FrameType.Settings, Ack],
  [FrameType.PushPromise, EndHeaders | Padded],
  [FrameType.Ping, Ack],
  [FrameType.GoAway, 0],
  [FrameType.WindowUpdate, 0],
  [FrameType.Continuation, EndHeaders],
  [FrameType.AltSvc, 0],
  [FrameType.Origin, 0],
  [FrameType.PriorityUpdate, 0],
]);

/** IANA registry "HTTP/2 Settings" (RFC 9113, section 6.5.2; RFC 8441, section 3; RFC 9218, section 2.1). */
export const Setting = {
  HeaderTableSize: 1,
  EnablePush: 2,
  MaxConcurrentStreams: 3,
  InitialWindowSize: 4,
  MaxFrameSize: 5,
  MaxHeaderListSize: 6,
  EnableConnectProtocol: 8,
  NoRfc7540Priorities: 9,
} as const;
const REGISTERED_SETTINGS = new Set<number>(Object.values(Setting));
const MAX_WINDOW_BYTES = 2 ** 31 - 1;
/** Most bytes of settings by which a server is recognised. */
const MAX_RECOGNISED_SETTINGS = 16 * 6;

/** Header of a frame; one object, filled again by {@link readFrameHeader}. */
export const frameHeader = { length: 0, type: 0, flags: 0, streamId: 0, isReserved: false };

/** Reads the header of the frame at `at`, of which {@link FRAME_HEADER_BYTES} are there, into {@link frameHeader}. */
export function readFrameHeader(bytes: Uint8Array, at: number): void {
  const word = uint32(bytes, at + 5);
  frameHeader.length = uint24(bytes, at);
  frameHeader.type = bytes[at + 3]!;
  frameHeader.flags = bytes[at + 4]!;
  frameHeader.streamId = word & 0x7fffffff;
  frameHeader.isReserved = word > 0x7fffffff;
}

/** Whether the header in {@link frameHeader} keeps the rules of its type; one of a type that is not known has none. */
export function isSoundFrame(isFromServer: boolean): boolean {
  const { length, type, flags, streamId } = frameHeader;
  switch (type) {
    case FrameType.Data:
    case FrameType.Continuation:
      return streamId !== 0;
    case FrameType.Headers:
      return streamId !== 0 && (isFromServer || isOdd(streamId));
    case FrameType.Priority:
      return streamId !== 0 && length === 5;
    case FrameType.RstStream:
      return streamId !== 0 && length === 4;
    case FrameType.Settings:
      return streamId === 0 && ((flags & FrameFlag.Ack) !== 0 ? length === 0 : length % 6 === 0);
    case FrameType.PushPromise:
      return isFromServer && isOdd(streamId) && length >= 4;
    case FrameType.Ping:
      return streamId === 0 && length === 8;
    case FrameType.GoAway:
      return streamId === 0 && length >= 8;
    case FrameType.WindowUpdate:
      return length === 4;
    default:
      return true;
  }
}

/** Whether the header in {@link frameHeader} is as a sender makes it: of a known type, without bits that have no meaning. */
export function isStrictFrame(isFromServer: boolean): boolean {
  const { length, type, flags, streamId, isReserved } = frameHeader;
  const known = FLAGS.get(type);
  if (known === undefined || isReserved || (flags & ~known) !== 0) return false;
  switch (type) {
    case FrameType.AltSvc:
      return isFromServer && length >= 2;
    case FrameType.Origin:
      return isFromServer && streamId === 0;
    case FrameType.PriorityUpdate:
      return !isFromServer && streamId === 0 && length >= 4;
    default:
      return isSoundFrame(isFromServer);
  }
}

/** Whether `bytes[start, end)`, as many as there are, may begin a client's side. */
export function mayBePreface(bytes: Uint8Array, start: number, end: number): boolean {
  return mayStartWith(bytes, start, end, CLIENT_PREFACE);
}

/** How a server's first bytes may be its preface. */
export const ServerPreface = { No: 0, Partial: 1, Empty: 2, Yes: 3 } as const;

/**
 * Whether `bytes[start, end)` begin with SETTINGS, which a server's side begins with (RFC 9113, section 3.4): without any of them, or with
 * some whose values are allowed. Settings that are not registered, such as gRPC's, are accepted if `acceptsUnknown`.
 */
export function serverPreface(bytes: Uint8Array, start: number, end: number, acceptsUnknown: boolean): number {
  if (end - start < FRAME_HEADER_BYTES) return bytes[start] === 0 ? ServerPreface.Partial : ServerPreface.No;
  readFrameHeader(bytes, start);
  const { length, type, flags, streamId, isReserved } = frameHeader;
  if (type !== FrameType.Settings || flags !== 0 || streamId !== 0 || isReserved) return ServerPreface.No;
  if (length % 6 !== 0 || length > MAX_RECOGNISED_SETTINGS) return ServerPreface.No;
  const settingsEnd = start + FRAME_HEADER_BYTES + length;
  for (let at = start + FRAME_HEADER_BYTES; at < settingsEnd; at += 6) {
    if (at + 6 > end) return ServerPreface.Partial;
    const identifier = uint16(bytes, at);
    if (!acceptsUnknown && !REGISTERED_SETTINGS.has(identifier)) return ServerPreface.No;
    if (!isAllowedSetting(identifier, uint32(bytes, at + 2))) return ServerPreface.No;
  }
  return length === 0 ? ServerPreface.Empty : ServerPreface.Yes;
}

function isAllowedSetting(identifier: number, value: number): boolean {
  switch (identifier) {
    case Setting.EnablePush:
    case Setting.EnableConnectProtocol:
    case Setting.NoRfc7540Priorities:
      return value <= 1;
    case Setting.InitialWindowSize:
      return value <= MAX_WINDOW_BYTES;
    case Setting.MaxFrameSize:
      return value >= DEFAULT_FRAME_BYTES && value <= MAX_FRAME_BYTES;
    default:
      return true;
  }
}

/** True for the identifier of a stream that the client opens; those of a server are even. */
export function isOdd(streamId: number): boolean {
  return (streamId & 1) === 1;
}
