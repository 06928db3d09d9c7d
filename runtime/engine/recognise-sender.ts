import { type Payload, Sender, TOO_SHORT } from "../plugin/hooks.js";
import type { Plugin } from "../plugin/plugin.js";
import type { DecoderFaults } from "./decoder-faults.js";

/** The probe does not recognize the payload. */
export const NOT_RECOGNISED = 0;

/**
 * The sender of a payload that the probe of plugin number `index` recognizes, or {@link TOO_SHORT}, or {@link NOT_RECOGNISED}. A probe that
 * throws is counted and recognizes nothing.
 */
export function recogniseSender(
  plugin: Plugin,
  index: number,
  payload: Payload,
  faults: DecoderFaults,
  frameNumber: number,
): Sender | typeof TOO_SHORT | typeof NOT_RECOGNISED {
  try {
    const verdict = plugin.probe!(payload);
    if (verdict === Sender.Client || verdict === Sender.Server || verdict === TOO_SHORT) return verdict;
    return verdict ? Sender.Unknown : NOT_RECOGNISED;
  } catch (error) {
    faults.thrown(index, "probe", error, frameNumber);
    return NOT_RECOGNISED;
  }
}
