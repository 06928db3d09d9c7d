import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";

/** NTP: the default plan, with numbers as they are in the packet. */
export const plan: PluginPlan = {
  valueForms: {
    // The byte is a signed number.
    "ntp.precision": (text) => String((Number(text) << 24) >> 24),
    "ntp.rootdelay": fixedPointNanoseconds,
    "ntp.rootdispersion": fixedPointNanoseconds,
  },
};

/** Nanoseconds of a time in seconds, in 16.16 bits. */
function fixedPointNanoseconds(text: string): string {
  return String((BigInt(text) * 1_000_000_000n) / 65536n);
}
