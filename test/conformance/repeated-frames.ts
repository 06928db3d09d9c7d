import type { RowObject } from "../../runtime/plugin/testing/decoder-bench.js";
import type { ComparisonPlan, TsharkFrame } from "./comparison.js";

/** Seconds in which a packet that is the same again is a copy (`duplicate_window_us`). */
const COPY_SECONDS = 0.002;
/** Fields that say where and when a frame stands, or what Wireshark made of those before it. */
const OF_ITS_PLACE = /^frame\.|^ip\.ttl$|^ipv6\.hlim$|response_(in|to)|\.time$|resptime|duplicate-address|retransmi/;

/**
 * The frames without a row of their own that say the same as an earlier one: a request that is sent again, as often as the row of the first
 * one counts, and a packet that was captured again a moment later.
 */
export function repeatedFrames(
  plan: ComparisonPlan,
  rows: readonly RowObject[],
  frames: ReadonlyMap<number, TsharkFrame>,
): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const row of rows) {
    for (const frame of plan.framesOf(row))
      counts.set(frame, Number(row["retransmissions"]) + Number(row["duplicates"]));
  }
  const repeated = new Set<number>();
  /** What was seen last of frames that say the same: the one with a row, and when. */
  const seen = new Map<string, { first: number; seconds: number }>();
  for (const [number, frame] of frames) {
    const content = contentOf(frame);
    const seconds = Number(frame["frame.time_epoch"]?.[0]);
    const before = seen.get(content);
    if (counts.has(number) || before === undefined) {
      seen.set(content, { first: number, seconds });
      continue;
    }
    const left = counts.get(before.first) ?? 0;
    if (left > 0) counts.set(before.first, left - 1);
    if (left > 0 || seconds - before.seconds <= COPY_SECONDS) repeated.add(number);
    before.seconds = seconds;
  }
  return repeated;
}

function contentOf(frame: TsharkFrame): string {
  return JSON.stringify(Object.entries(frame).filter(([field]) => !OF_ITS_PLACE.test(field)));
}
