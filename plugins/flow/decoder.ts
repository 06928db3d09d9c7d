import type { FlowRecord } from "../../generated/flow/record.js";
import type { PacketObserverFactory } from "../../runtime/plugin/hooks.js";
export const createPacketObserver: PacketObserverFactory<FlowRecord> = () => ({ observe() {}, advance() {}, finish() {} });
