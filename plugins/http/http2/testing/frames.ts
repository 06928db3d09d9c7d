import { ascii } from "../../../../runtime/plugin/index.js";
import { CLIENT_PREFACE, FrameFlag, FrameType } from "../frame.js";

const { EndStream, EndHeaders, Padded, Priority } = FrameFlag;

/** Bytes one after the other. */
export function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A frame (RFC 9113, section 4.1). */
export function frameOf(type: number, flags: number, streamId: number, payload: Uint8Array | readonly number[] = []) {
  const { length } = payload;
  const header = [length >> 16, (length >> 8) & 255, length & 255, type, flags, ...word(streamId)];
  return joined(header, payload);
}

/** A number in four bytes. */
export function word(value: number): number[] {
  return [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** A field block of literals without indexing (RFC 7541, section 6.2.2). */
export function fields(list: readonly (readonly [string, string])[]): Uint8Array {
  return joined(...list.map(([name, value]) => [0, ...string(name), ...string(value)]));
}

/** A literal with incremental indexing (RFC 7541, section 6.2.1). */
export function indexed(name: string, value: string): Uint8Array {
  return joined([0x40, ...string(name), ...string(value)]);
}

function string(text: string): number[] {
  if (text.length < 127) return [text.length, ...ascii(text)];
  const rest = text.length - 127;
  return [127, (rest & 127) | 128, rest >> 7, ...ascii(text)];
}

/** The fields of a request. */
export function requestFields(method: string, path: string, ...more: readonly (readonly [string, string])[]) {
  return fields([[":method", method], [":scheme", "http"], [":path", path], [":authority", "a.example"], ...more]);
}

/** The fields of a response. */
export function responseFields(status: number, ...more: readonly (readonly [string, string])[]) {
  return fields([[":status", String(status)], ...more]);
}

/** HEADERS whole in one frame. */
export function headers(streamId: number, block: Uint8Array, isLast = true): Uint8Array {
  return frameOf(FrameType.Headers, EndHeaders | (isLast ? EndStream : 0), streamId, block);
}

/** HEADERS with padding and a priority, and a CONTINUATION frame for each further piece of the block. */
export function headersInPieces(streamId: number, isLast: boolean, ...pieces: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = pieces;
  const payload = joined([3, ...word(0), 16], first!, [0, 0, 0]);
  const flags = Padded | Priority | (isLast ? EndStream : 0) | (others.length === 0 ? EndHeaders : 0);
  const continuations = others.map((piece, i) =>
    frameOf(FrameType.Continuation, i === others.length - 1 ? EndHeaders : 0, streamId, piece),
  );
  return joined(frameOf(FrameType.Headers, flags, streamId, payload), ...continuations);
}

/** DATA. */
export function data(streamId: number, length: number, isLast = true): Uint8Array {
  return frameOf(FrameType.Data, isLast ? EndStream : 0, streamId, new Uint8Array(length).fill(120));
}

/** DATA with padding. */
export function paddedData(streamId: number, length: number, padding: number, isLast = true): Uint8Array {
  const payload = joined([padding], new Uint8Array(length).fill(120), new Uint8Array(padding));
  return frameOf(FrameType.Data, Padded | (isLast ? EndStream : 0), streamId, payload);
}

/** SETTINGS of the identifiers and values. */
export function settings(...pairs: readonly (readonly [number, number])[]): Uint8Array {
  return frameOf(FrameType.Settings, 0, 0, joined(...pairs.map(([id, value]) => [id >> 8, id & 255, ...word(value)])));
}

/** RST_STREAM. */
export function reset(streamId: number, code: number): Uint8Array {
  return frameOf(FrameType.RstStream, 0, streamId, word(code));
}

/** GOAWAY. */
export function goAway(lastId: number, code: number): Uint8Array {
  return frameOf(FrameType.GoAway, 0, 0, [...word(lastId), ...word(code)]);
}

/** PUSH_PROMISE. */
export function promise(streamId: number, promisedId: number, block: Uint8Array): Uint8Array {
  return frameOf(FrameType.PushPromise, EndHeaders, streamId, joined(word(promisedId), block));
}

/** What a client begins with. */
export const CLIENT_START = joined(CLIENT_PREFACE, settings());
/** What a server begins with. */
export const SERVER_START = settings([3, 100]);
