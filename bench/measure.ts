/** Median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Runs two contestants in turn, A B A B, after a warm-up round, and returns the median milliseconds of each, so that a
 * machine that slows down slows both.
 */
export function raceMs(a: () => void, b: () => void, rounds: number): { a: number; b: number } {
  const time = (run: () => void) => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  time(a);
  time(b);
  const times: { a: number[]; b: number[] } = { a: [], b: [] };
  for (let i = 0; i < rounds; i++) {
    times.a.push(time(a));
    times.b.push(time(b));
  }
  return { a: median(times.a), b: median(times.b) };
}

/** One line of a benchmark's report. */
export function report(name: string, figures: Readonly<Record<string, string | number>>): void {
  const parts = Object.entries(figures).map(
    ([key, value]) => `${key} ${typeof value === "number" ? format(value) : value}`,
  );
  console.log(`${name}: ${parts.join(", ")}`);
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en").replaceAll(",", " ") : value.toFixed(2);
}
