import type { FlowRecord } from "../../generated/flow/record.js";
import type { PacketObserverFactory } from "../../runtime/plugin/hooks.js";
import { FlowMeter } from "./flow-meter.js";

const SECOND = 1e9;

/** Meters every IP packet with the timeouts that NetFlow collectors commonly use. */
export const createPacketObserver: PacketObserverFactory<FlowRecord> = (out) =>
  new FlowMeter(out, {
    maxFlows: 65536,
    idleTimeoutNanoseconds: 60 * SECOND,
    activeTimeoutNanoseconds: 300 * SECOND,
    lingerNanoseconds: 2 * SECOND,
  });
