import type { FlowRecord } from "../../generated/flow/record.js";
import type { PacketObserverFactory } from "../../runtime/plugin/index.js";
import { FlowMeter } from "./flow-meter.js";

const NANOSECONDS = 1e9;

/** Meters every IP packet; conversations end as the runtime reports, by the timeouts that NetFlow collectors commonly use. */
export const createPacketObserver: PacketObserverFactory<FlowRecord> = (out) =>
  new FlowMeter(out, Number(out.option("active_timeout")) * NANOSECONDS);
