/** What {@link ByteInput.read} returns when nothing arrived for 100 ms. */
export const IDLE = -1;

/** Bytes of a capture in order, wherever they come from. */
export interface ByteInput {
  /** Bytes taken from the file or stream so far. */
  readonly bytesRead: number;
  /** Size of the file; 0 for a stream, whose end is not known. */
  readonly bytesTotal: number;
  /** Fills `target` from `offset` on; returns how many bytes came, 0 at the end, {@link IDLE} when none came for a while. */
  read(target: Uint8Array, offset: number): Promise<number>;
  close(): Promise<void>;
}
