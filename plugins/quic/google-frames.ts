import type { ScatteredBytes } from "../tls/library.js";
import type { InitialFrames } from "./initial-frames.js";
import { IntegerReader } from "./variable-integer.js";

/** Types of Google's frames in the Initial packets of Q050, T050 and T051, numbered as in its older versions. */
const FrameType = { Padding: 0, Ping: 7, Crypto: 8 } as const;
/** Two bits of an ACK frame's type, whose other bits describe it. */
const ACK_BITS = 0xc0;
const ACK = 0x40;
const HAS_BLOCKS = 0x20;
/** Bytes of a number by two bits. */
const NUMBER_BYTES = [1, 2, 4, 6];
const NOTHING: InitialFrames = { close: undefined, isWhole: true };

/**
 * Takes the frames of an Initial packet of Q050, T050 or T051; the contents of CRYPTO frames go to `messages`. It ends at the first frame of
 * another type, which is not read.
 */
export function readGoogleFrames(payload: Uint8Array, messages: ScatteredBytes | undefined): InitialFrames {
  const frames = new IntegerReader(payload, 0, payload.length);
  while (frames.at < frames.end) {
    const type = payload[frames.at++]!;
    if (type === FrameType.Padding || type === FrameType.Ping) continue;
    if ((type & ACK_BITS) === ACK) {
      frames.at = ackEnd(type, payload, frames.at);
      if (frames.at > frames.end) return { close: undefined, isWhole: false };
    } else if (type === FrameType.Crypto) {
      const offset = frames.next();
      const length = frames.next();
      const start = frames.at;
      if (offset === -1 || length === -1 || start + length > frames.end) return { close: undefined, isWhole: false };
      messages?.add(offset, payload, start, start + length);
      frames.at = start + length;
    } else return NOTHING;
  }
  return NOTHING;
}

/**
 * End of the ACK frame (QUIC Wire Layout, section "ACK frame") after its first byte at `at`:
 *
 * ```
 *   ┌─────────┬───────┬────────┬───────┬──────────────────┬────────┬────────────────┐
 *   │ largest │ delay │ blocks │ first │ gap, block, each │ stamps │ 5, then 3 each │
 *   └─────────┴───────┴────────┴───────┴──────────────────┴────────┴────────────────┘
 *      1…6        2      0,1      1…6        1, 1…6           1                        bytes
 * ```
 */
function ackEnd(type: number, payload: Uint8Array, at: number): number {
  const blockBytes = NUMBER_BYTES[type & 3]!;
  at += NUMBER_BYTES[(type >> 2) & 3]! + 2;
  const blocks = (type & HAS_BLOCKS) === 0 ? 0 : (payload[at++] ?? 0);
  at += blockBytes + blocks * (1 + blockBytes);
  const stamps = payload[at++] ?? 0;
  return stamps === 0 ? at : at + 5 + (stamps - 1) * 3;
}
