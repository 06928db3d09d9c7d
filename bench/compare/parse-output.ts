import type { Report } from "../measure.js";

/**
 * The reports in what a benchmark printed, for versions that only print: `name: key 1 234, key 5.67`, with spaces between thousands.
 * Lines of other forms are skipped.
 */
export function parseOutput(output: string): Report[] {
  return output.split("\n").flatMap((line) => {
    const match = /^([^:]+): (.+)$/.exec(line);
    if (match === null) return [];
    const figures = match[2]!.split(", ").map(parseFigure);
    if (figures.some((figure) => figure === undefined)) return [];
    // Every figure is a number, as checked in the line before.
    return [{ name: match[1]!, figures: Object.fromEntries(figures as [string, number][]) }];
  });
}

function parseFigure(text: string): [string, number] | undefined {
  const match = /^(.+?) (\d{1,3}(?: \d{3})*|\d+\.\d+)$/.exec(text);
  return match === null ? undefined : [match[1]!, Number(match[2]!.replaceAll(" ", ""))];
}
