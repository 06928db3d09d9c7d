/** A reported failure of a plugin's hook: the first one at each place, and the one that switches the plugin off. */
export interface DecoderFault {
  /** Resource name of the plugin. */
  readonly resource: string;
  /** The hook that was called, such as `decodeDatagram`. */
  readonly hook: string;
  /** File and line that threw, such as `plugins/dns/decoder.ts:120`; undefined if the hook returned an invalid value. */
  readonly place: string | undefined;
  /** Number of the current packet, 0 before the first one. */
  readonly frameNumber: number;
  /** The error, or what is wrong with the returned value, in one line. */
  readonly message: string;
  /** The thrown value; undefined if the hook returned an invalid value. */
  readonly error: unknown;
  /** Number of the plugin's failures so far. */
  readonly count: number;
  /** Whether the plugin was switched off. */
  readonly isSwitchedOff: boolean;
}

/** One line for people, such as `the dns decoder failed at plugins/dns/decoder.ts:120 in frame 17: …`. */
export function describeDecoderFault(fault: DecoderFault): string {
  const { resource, hook, place, frameNumber, message, count, isSwitchedOff } = fault;
  const where = place === undefined ? `in ${hook}` : `at ${place}`;
  const frame = frameNumber === 0 ? "" : ` in frame ${frameNumber}`;
  if (isSwitchedOff) {
    const times = count === 1 ? "" : ` ${count} times, the last time`;
    return `the ${resource} decoder failed${times} ${where}${frame}: ${message}; it is switched off, and packets are decoded without it`;
  }
  return `the ${resource} decoder failed ${where}${frame}: ${message}; its packets are counted and left out`;
}
