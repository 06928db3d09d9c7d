const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** A whole number of seconds in the largest unit that it is a multiple of, such as `30 days` or `36 hours`. */
export function describeSeconds(seconds: number): string {
  const [unit, size] = UNITS.find((entry) => seconds % entry[1] === 0) ?? ["second", 1];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
