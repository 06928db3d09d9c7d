import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import { type ComparisonPlan, fieldsOf } from "./comparison-plan.js";
import { captureTime, type TsharkFrame } from "./tshark-frame.js";

/** Nanoseconds in which a packet that is the same again is a copy (`duplicate_window_us`). */
const COPY_NANOSECONDS = 2_000_000n;
/** Fields that say where and when a frame stands, or what Wireshark made of those before it. */
const OF_ITS_PLACE = /^frame\.|^ip\.ttl$|^ipv6\.hlim$|resp(onse)?_(in|to)|\.time$|resptime|duplicate-address|retransmi/;

/**
 * The frames without a row of their own that say the same as an earlier one: a request that is sent again, as often as the row of the first
 * one counts, and a packet that was captured again a moment later.
 */
export function repeatedFrames(
  plan: ComparisonPlan,
  rows: readonly RowObject[],
  frames: readonly TsharkFrame[],
): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const row of rows) {
    for (const frame of plan.framesOf(row))
      counts.set(frame, Number(row["retransmissions"]) + Number(row["duplicates"]));
  }
  const fields = fieldsOf(plan).filter((field) => !OF_ITS_PLACE.test(field));
  const repeated = new Set<number>();
  /** What was seen last of frames that say the same: the one with a row, and when. */
  const seen = new Map<string, { first: number; time: bigint }>();
  for (const [index, frame] of frames.entries()) {
    if (!plan.isOf(frame)) continue;
    const number = index + 1;
    const content = JSON.stringify(fields.map((field) => frame[field]));
    const time = captureTime(frame);
    const before = seen.get(content);
    if (counts.has(number) || before === undefined) {
      seen.set(content, { first: number, time });
      continue;
    }
    const left = counts.get(before.first) ?? 0;
    if (left > 0) counts.set(before.first, left - 1);
    if (left > 0 || time - before.time <= COPY_NANOSECONDS) repeated.add(number);
    before.time = time;
  }
  return repeated;
}
