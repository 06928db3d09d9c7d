import type { DecoderFaults } from "./decoder-faults.js";
import type { Payload } from "./hooks.js";
import type { Plugin } from "./plugin.js";

/** True where the plugin, number `index`, has a probe that recognises the payload; one that throws is counted and does not. */
export function isRecognised(
  plugin: Plugin,
  index: number,
  payload: Payload,
  faults: DecoderFaults,
  frameNumber: number,
): boolean {
  try {
    return plugin.probe!(payload);
  } catch (error) {
    faults.thrown(index, "probe", error, frameNumber);
    return false;
  }
}
