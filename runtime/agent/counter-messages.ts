/** A named count as batches and reports carry it. */
export interface CounterMessage {
  readonly name: string;
  readonly value: bigint;
}

/** The counters of a batch or a report. What a capture file claims of dropped packets may be any number: it is kept within a uint64. */
export function counterMessages(counters: Iterable<readonly [string, number]>): CounterMessage[] {
  return [...counters].map(([name, value]) => ({ name, value: BigInt(withinCount(value)) }));
}

function withinCount(value: number): number {
  if (!(value > 0)) return 0;
  return Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER);
}
