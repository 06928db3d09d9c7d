import { hasPeers, median, report, reportAbsence, reportPeer } from "../measure.js";
import { type Contestant, isInstalled, type Timing, timeOf } from "./peers.js";

/**
 * Times whole processes in turn, A B C A B C, and reports each one's median rate of `amount` on the clock, its processor seconds, and
 * how many times faster the first one, which is ours, is. Those that are not installed are named and left out.
 */
export function race(
  title: string,
  amount: number,
  unit: string,
  contestants: readonly Contestant[],
  rounds: number,
): void {
  const wanted = hasPeers() ? contestants : contestants.slice(0, 1);
  const here = wanted.filter(({ command }) => isInstalled(command));
  const times = new Map(here.map((contestant) => [contestant, [] as Timing[]]));
  for (let i = 0; i < rounds; i++) for (const contestant of here) times.get(contestant)!.push(timeOf(contestant));
  const [first] = here;
  const secondsOf = (contestant: Contestant) => median(times.get(contestant)!.map(({ seconds }) => seconds));
  for (const contestant of here) {
    const seconds = secondsOf(contestant);
    const processor = times.get(contestant)!.flatMap(({ processorSeconds }) => processorSeconds ?? []);
    const figures = {
      seconds,
      [`${unit}/s`]: amount / seconds,
      ...(processor.length === 0 ? {} : { "processor seconds": median(processor) }),
    };
    const name = `${title}, ${contestant.name}`;
    if (contestant === first) report(name, figures);
    else reportPeer(name, { ...figures, "times our time": seconds / secondsOf(first!) });
  }
  for (const contestant of wanted) {
    if (!here.includes(contestant)) reportAbsence(`${title}, ${contestant.name}`, "it is not installed");
  }
}
