/** A benchmark: a script below `bench/` that reports through `measure.ts`. */
export interface Benchmark {
  readonly script: string;
  /** Left out of comparisons unless it is asked for by name. */
  readonly isLong?: true;
}

/** Every benchmark, in the order they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  { script: "codec/codec.ts" },
  { script: "decode/dns.ts" },
  { script: "decode/flow.ts" },
  { script: "decode/streams.ts" },
  { script: "decode/wrapped.ts" },
  { script: "hostile/collisions.ts" },
  { script: "decode/soak.ts", isLong: true },
  { script: "store/append.ts" },
  { script: "store/ingest.ts" },
  { script: "query/filter-lookup.ts" },
  { script: "query/rest-page.ts" },
  { script: "ingest/end-to-end.ts" },
  { script: "capture/af-packet.ts" },
];

/** The benchmarks whose name holds one of the words; all of them without words. */
export function selectBenchmarks(words: readonly string[]): Benchmark[] {
  return BENCHMARKS.filter(({ script }) => words.length === 0 || words.some((word) => script.includes(word)));
}
