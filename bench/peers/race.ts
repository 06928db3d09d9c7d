import { median, report } from "../measure.js";
import { type Contestant, isInstalled, secondsOf } from "./peers.js";

/**
 * Times whole processes in turn, A B C A B C, and reports each one's median rate of `amount`, with how many times faster the first one
 * is. Those that are not installed are named and left out.
 */
export function race(
  title: string,
  amount: number,
  unit: string,
  contestants: readonly Contestant[],
  rounds: number,
): void {
  const here = contestants.filter(({ command }) => isInstalled(command));
  const absent = contestants.filter((contestant) => !here.includes(contestant));
  const times = new Map(here.map((contestant) => [contestant, [] as number[]]));
  for (let i = 0; i < rounds; i++) for (const contestant of here) times.get(contestant)!.push(secondsOf(contestant));
  const [first] = here;
  for (const contestant of here) {
    const seconds = median(times.get(contestant)!);
    const ratio = seconds / median(times.get(first!)!);
    report(`${title}, ${contestant.name}`, {
      seconds,
      [`${unit}/s`]: amount / seconds,
      ...(contestant === first ? {} : { "times our time": ratio }),
    });
  }
  for (const { name } of absent) console.log(`${title}, ${name}: not installed`);
}
