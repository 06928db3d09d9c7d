import { uint16, uint24, uint32 } from "../../../runtime/wire/big-endian.js";
import { ascii } from "../ascii.js";

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
} as const;

/** Flags of frames; ACK of SETTINGS and PING has END_STREAM's place. */
export const FrameFlag = { EndStream: 0x01, Ack: 0x01, EndHeaders: 0x04, Padded: 0x08, Priority: 0x20 } as const;

/** Flags that a frame of each type may have, by type. */
const FLAGS = [0x09, 0x2d, 0, 0, 0x01, 0x0c, 0x01, 0, 0, 0x04];

/** Settings that are read (RFC 9113, section 6.5.2). */
export const Setting = { HeaderTableSize: 1, MaxFrameSize: 5 } as const;
/** Settings that are registered, RFC 8441's and RFC 9218's among them; a server may send others too. */
const KNOWN_SETTINGS = new Set([1, 2, 3, 4, 5, 6, 8, 9]);
/** Most bytes of settings by which a server is recognised. */
const MAX_RECOGNISED_SETTINGS = 16 * 6;

/** Header of a frame; one object, filled anew by {@link readFrameHeader}. */
export const frame = { length: 0, type: 0, flags: 0, streamId: 0, isReserved: false };

/** Reads the header of the frame at `at`, of which {@link FRAME_HEADER_BYTES} are there, into {@link frame}. */
export function readFrameHeader(bytes: Uint8Array, at: number): void {
  const word = uint32(bytes, at + 5);
  frame.length = uint24(bytes, at);
  frame.type = bytes[at + 3]!;
  frame.flags = bytes[at + 4]!;
  frame.streamId = word & 0x7fffffff;
  frame.isReserved = word > 0x7fffffff;
}

/** True where the header in {@link frame} keeps the rules of its type; one of a type that is not known has none. */
export function isSoundFrame(isFromServer: boolean): boolean {
  const { length, type, flags, streamId } = frame;
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

/** True where the header in {@link frame} is as a sender makes it: of a known type, without bits that have no meaning. */
export function isStrictFrame(isFromServer: boolean): boolean {
  const { type, flags, isReserved } = frame;
  const known = FLAGS[type];
  return known !== undefined && !isReserved && (flags & ~known) === 0 && isSoundFrame(isFromServer);
}

/** True where `bytes[start, end)`, as many as there are, may begin a client's side. */
export function mayBePreface(bytes: Uint8Array, start: number, end: number): boolean {
  const length = Math.min(CLIENT_PREFACE.length, end - start);
  for (let i = 0; i < length; i++) if (bytes[start + i] !== CLIENT_PREFACE[i]) return false;
  return true;
}

/** How a server's first bytes may be its preface. */
export const ServerPreface = { No: 0, Partial: 1, Empty: 2, Yes: 3 } as const;

/**
 * Whether `bytes[start, end)` begin with SETTINGS, which a server's side begins with (RFC 9113, section 3.4): without any of them, or with
 * registered ones alone whose values are allowed.
 */
export function serverPreface(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < FRAME_HEADER_BYTES) return bytes[start] === 0 ? ServerPreface.Partial : ServerPreface.No;
  readFrameHeader(bytes, start);
  const { length, type, flags, streamId, isReserved } = frame;
  if (type !== FrameType.Settings || flags !== 0 || streamId !== 0 || isReserved) return ServerPreface.No;
  if (length % 6 !== 0 || length > MAX_RECOGNISED_SETTINGS) return ServerPreface.No;
  const settingsEnd = start + FRAME_HEADER_BYTES + length;
  for (let at = start + FRAME_HEADER_BYTES; at < settingsEnd; at += 6) {
    if (at + 6 > end) return ServerPreface.Partial;
    if (!isAllowedSetting(uint16(bytes, at), uint32(bytes, at + 2))) return ServerPreface.No;
  }
  return length === 0 ? ServerPreface.Empty : ServerPreface.Yes;
}

function isAllowedSetting(identifier: number, value: number): boolean {
  if (!KNOWN_SETTINGS.has(identifier)) return false;
  if (identifier === Setting.MaxFrameSize) return value >= DEFAULT_FRAME_BYTES && value <= MAX_FRAME_BYTES;
  // ENABLE_PUSH, ENABLE_CONNECT_PROTOCOL and NO_RFC7540_PRIORITIES are 0 or 1.
  return identifier === 2 || identifier === 8 || identifier === 9 ? value <= 1 : true;
}

/** True for the identifier of a stream that the client opens; those of a server are even. */
export function isOdd(streamId: number): boolean {
  return (streamId & 1) === 1;
}
