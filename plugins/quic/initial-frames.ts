import type { ScatteredBytes } from "../tls/library.js";
import { IntegerReader, readExactInteger } from "./variable-integer.js";

/** Types of the frames that an Initial packet may contain (RFC 9000, section 12.4). */
const FrameType = { Padding: 0, Ping: 1, Ack: 2, AckWithEcn: 3, Crypto: 6, ConnectionClose: 0x1c } as const;

/** A CONNECTION_CLOSE frame: the error, and where its reason is in the payload. */
export interface ConnectionClose {
  readonly error: number | bigint;
  readonly reasonStart: number;
  readonly reasonEnd: number;
}

/** What an Initial packet contained besides CRYPTO frames. */
export interface InitialFrames {
  readonly close: ConnectionClose | undefined;
  /** False if the frames break the format, or one of them does not belong there; those before it were taken. */
  readonly isWhole: boolean;
}

/** Takes the frames of an Initial packet's payload (RFC 9000, section 19); the contents of CRYPTO frames go to `messages`. */
export function readInitialFrames(payload: Uint8Array, messages: ScatteredBytes | undefined): InitialFrames {
  const frames = new IntegerReader(payload, 0, payload.length);
  let close: ConnectionClose | undefined;
  while (frames.at < frames.end) {
    const type = frames.next();
    if (type === FrameType.Padding) while (payload[frames.at] === FrameType.Padding) frames.at++;
    else if (type === FrameType.Ack || type === FrameType.AckWithEcn) {
      if (!skipAck(frames, type === FrameType.AckWithEcn)) return { close, isWhole: false };
    } else if (type === FrameType.Crypto) {
      const offset = frames.next();
      const length = frames.next();
      const start = frames.at;
      if (offset === -1 || length === -1 || start + length > frames.end) return { close, isWhole: false };
      messages?.add(offset, payload, start, start + length);
      frames.at = start + length;
    } else if (type === FrameType.ConnectionClose) {
      const errorAt = frames.at;
      frames.next();
      // Type of the frame that caused it.
      frames.next();
      const length = frames.next();
      const reasonStart = frames.at;
      if (length === -1 || reasonStart + length > frames.end) return { close, isWhole: false };
      frames.at = reasonStart + length;
      close = { error: readExactInteger(payload, errorAt), reasonStart, reasonEnd: frames.at };
    } else if (type !== FrameType.Ping) return { close, isWhole: false };
  }
  return { close, isWhole: true };
}

/** Skips an ACK frame (RFC 9000, section 19.3); false if it is incomplete. */
function skipAck(frames: IntegerReader, hasEcn: boolean): boolean {
  frames.next();
  frames.next();
  const ranges = frames.next();
  const numbers = 1 + ranges * 2 + (hasEcn ? 3 : 0);
  for (let i = 0; i < numbers; i++) if (frames.next() === -1) return false;
  return ranges !== -1;
}
