import { basename } from "node:path";
import { fieldsOf } from "./comparison-plan.js";
import { comparisonPlans } from "./comparison-plans.js";
import { EVIDENCE_FIELDS } from "./evidence-fields.js";
import { copiedFrames } from "./flow/copied-frames.js";
import { innermostOf } from "./flow/tshark-conversations.js";
import { findOtherLayers, type OtherLayers } from "./layers/other-layers.js";
import type { TsharkInnermost } from "./layers/tshark-innermost.js";
import { type OurCapture, readOurCapture } from "./our-capture.js";
import { readTsharkCapture, type TsharkCapture } from "./tshark-capture.js";

/** Both readings of one capture. */
export interface CaptureReadings {
  /** The file's name without its folder. */
  readonly capture: string;
  readonly tshark: TsharkCapture;
  readonly ours: OurCapture;
  readonly otherLayers: OtherLayers;
  /** The innermost packet of each frame, in a tunnel the whole one. */
  readonly innermost: readonly TsharkInnermost[];
  /** Indexes of the frames whose innermost packet was captured a moment before. */
  readonly copies: ReadonlySet<number>;
}

/** Reads a capture on both sides; undefined if tshark or the project does not open it. */
export async function readCapture(path: string): Promise<CaptureReadings | undefined> {
  const plans = Object.values(comparisonPlans);
  const fields = [...EVIDENCE_FIELDS, ...plans.flatMap(fieldsOf)];
  const packetFields = plans.filter(({ coversManyFrames }) => coversManyFrames).flatMap(fieldsOf);
  const decodeAs = plans.flatMap((plan) => plan.decodeAs ?? []);
  const [tshark, ours] = await Promise.all([
    readTsharkCapture(path, { fields, packetFields, decodeAs }),
    readOurCapture(path),
  ]);
  if (tshark === undefined || ours === undefined) return undefined;
  const otherLayers = await findOtherLayers(path, tshark.packets);
  const innermost = tshark.packets.map((packet, index) => innermostOf(packet, tshark.frames[index]));
  const copies = copiedFrames(tshark.packets, innermost);
  return { capture: basename(path), tshark, ours, otherLayers, innermost, copies };
}
