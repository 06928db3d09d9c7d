import { FRAME_HEADER_BYTES, FrameType, frameHeader, isOdd, isStrictFrame, readFrameHeader } from "./frame.js";
import type { FrameDirection } from "./frame-direction.js";
import type { Http2Streams } from "./http2-streams.js";

/** How far beyond the streams seen one may be that begins after a loss. */
const MAX_STREAMS_AHEAD = 65536;

/**
 * True if `bytes[start, end)` can be read as frames after a loss: the first frame is whole, and each header is valid for a known or possible
 * stream.
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
    const { length, type } = frameHeader;
    if (length > direction.maxFrameBytes || !isStrictFrame(direction.isFromServer)) return false;
    if (at === start && type === FrameType.Continuation) return false;
    if (!isPossibleStream(direction, client, streams)) return false;
    const next = at + FRAME_HEADER_BYTES + length;
    if (next > end) return at > start;
    at = next;
  }
  return at > start;
}

/** Whether the frame in {@link frameHeader} may be of its stream. */
function isPossibleStream(direction: FrameDirection, client: FrameDirection, streams: Http2Streams): boolean {
  const { type, streamId } = frameHeader;
  if (streamId === 0 || streams.get(streamId) !== undefined) return true;
  const isAhead = isOdd(streamId) && streamId > streams.highestId && streamId - streams.highestId < MAX_STREAMS_AHEAD;
  if (type === FrameType.Headers) return isAhead && (!direction.isFromServer || client.hasLoss);
  if (type === FrameType.Data || type === FrameType.PushPromise) return false;
  return streamId <= streams.highestId || isAhead;
}
