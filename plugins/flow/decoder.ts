import type { FlowRecord } from "../../generated/flow/record.js";
import type { PacketObserverFactory } from "../../runtime/plugin/hooks.js";
import { FlowMeter } from "./flow-meter.js";

const NANOSECONDS = 1e9;
const DEFAULT_ACTIVE_TIMEOUT_SECONDS = 300;

/** Meters every IP packet; conversations end as the runtime reports, by the timeouts that NetFlow collectors commonly use. */
export const createPacketObserver: PacketObserverFactory<FlowRecord> = (out) => {
  const seconds = Number(out.option("active_timeout"));
  return new FlowMeter(out, (seconds > 0 ? seconds : DEFAULT_ACTIVE_TIMEOUT_SECONDS) * NANOSECONDS);
};
