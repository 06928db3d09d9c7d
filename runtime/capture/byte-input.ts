/** {@link ByteInput.read} returns this if nothing arrived for 100 ms. */
export const IDLE = -1;

/** Bytes of a capture in order, from any source. */
export interface ByteInput {
  /** Number of bytes read from the file or stream so far. */
  readonly bytesRead: number;
  /** Size of the file; 0 for a stream, whose end is not known. */
  readonly bytesTotal: number;
  /** Fills `target` from `offset` on; returns the number of bytes read, 0 at the end, {@link IDLE} if none arrived for a while. */
  read(target: Uint8Array, offset: number): Promise<number>;
  close(): Promise<void>;
}
