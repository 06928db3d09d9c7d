import { FRAME_HEADER_BYTES, FrameType, frame, isOdd, isStrictFrame, readFrameHeader } from "./frame.js";
import type { FrameDirection } from "./frame-direction.js";
import type { Http2Streams } from "./http2-streams.js";

/** How far beyond the streams seen one may be that begins after a loss. */
const MAX_STREAMS_AHEAD = 65536;

/**
 * True where `bytes[start, end)` are frames for sure, after a loss: a whole one at first, each with a header as a sender makes it, of streams
 * that are known or may be new.
 */
export function isFrameStart(
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: FrameDirection,
  client: FrameDirection,
  streams: Http2Streams,
): boolean {
  let at = start;
  while (end - at >= FRAME_HEADER_BYTES) {
    readFrameHeader(bytes, at);
    const { length, type } = frame;
    if (length > direction.maxFrameBytes || !isStrictFrame(direction.isFromServer)) return false;
    if (at === start && type === FrameType.Continuation) return false;
    if (!isPossibleStream(direction, client, streams)) return false;
    const next = at + FRAME_HEADER_BYTES + length;
    if (next > end) return at > start;
    at = next;
  }
  return at > start;
}

/** True where the frame in {@link frame} may be of its stream. */
function isPossibleStream(direction: FrameDirection, client: FrameDirection, streams: Http2Streams): boolean {
  const { type, streamId } = frame;
  if (streamId === 0 || streams.get(streamId) !== undefined) return true;
  const isAhead = isOdd(streamId) && streamId > streams.highestId && streamId - streams.highestId < MAX_STREAMS_AHEAD;
  if (type === FrameType.Headers) return isAhead && (!direction.isFromServer || client.hasLoss);
  if (type === FrameType.Data || type === FrameType.PushPromise) return false;
  return streamId <= streams.highestId || isAhead;
}
