import { median, type Report } from "../measure.js";

/** Whether more or less of a figure is better. */
export type Direction = "higher" | "lower";

/** A figure of two versions, over the rounds that both ran. */
export interface Comparison {
  readonly name: string;
  readonly key: string;
  readonly direction: Direction;
  /** Medians of the rounds. */
  readonly before: number;
  readonly now: number;
  /** Median, over the rounds, of how much worse it became: 0.05 for 5 %, negative where it became better. */
  readonly worseBy: number;
  /** The same of the best and of the worst round. */
  readonly range: readonly [number, number];
}

/** The direction that a figure's unit implies; undefined for one that is not compared, such as a count. */
export function directionOf(key: string): Direction | undefined {
  if (/(\/s|^ratio|^hostile to benign)$/.test(key)) return "higher";
  if (/(^|\s|_)(s|seconds|ms|us|ns|µs|MiB|MB|lost)$/.test(key)) return "lower";
  return undefined;
}

/** Compares what the rounds of one benchmark reported, figure by figure; a figure that only one version has is omitted. */
export function compareFigures(
  before: readonly (readonly Report[])[],
  now: readonly (readonly Report[])[],
): Comparison[] {
  const earlier = figuresOf(before);
  const comparisons: Comparison[] = [];
  for (const [id, { name, key, values }] of figuresOf(now)) {
    const direction = directionOf(key);
    const others = earlier.get(id)?.values;
    if (direction === undefined || others === undefined) continue;
    const rounds = Math.min(values.length, others.length);
    const worse = Array.from({ length: rounds }, (_, i) => worseBy(others[i]!, values[i]!, direction));
    comparisons.push({
      name,
      key,
      direction,
      before: median(others),
      now: median(values),
      worseBy: median(worse),
      range: [Math.min(...worse), Math.max(...worse)],
    });
  }
  return comparisons;
}

function worseBy(before: number, now: number, direction: Direction): number {
  if (before === now) return 0;
  return direction === "lower" ? now / before - 1 : before / now - 1;
}

function figuresOf(rounds: readonly (readonly Report[])[]) {
  const figures = new Map<string, { name: string; key: string; values: number[] }>();
  for (const { name, figures: reported } of rounds.flat()) {
    for (const [key, value] of Object.entries(reported)) {
      if (typeof value !== "number" || !Number.isFinite(value)) continue;
      const id = JSON.stringify([name, key]);
      const figure = figures.get(id) ?? { name, key, values: [] };
      figure.values.push(value);
      figures.set(id, figure);
    }
  }
  return figures;
}
