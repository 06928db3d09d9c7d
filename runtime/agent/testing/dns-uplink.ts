import { randomBytes } from "node:crypto";
import { dnsRowGroup } from "../../collector/testing/collector.js";
import type { Uplink } from "../uplink.js";
import { newUplink, type TestUplinkOptions } from "./uplink.js";

/** Event types of the rows. */
export const DNS = "wireloom.dns.v1.Dns";
export const NTP = "wireloom.ntp.v1.Ntp";
const RESOURCES = new Map([
  [DNS, "dns"],
  [NTP, "ntp"],
]);

/** An uplink whose states are appended to `said`. */
export function startUplink(url: string, said: string[], options: TestUplinkOptions = {}): Uplink {
  const onState = (message: string) => said.push(message);
  return newUplink({ url, resources: RESOURCES, giveUpAfterMs: 60_000, onState, ...options });
}

/** A row group of as many bytes, which are not rows. */
export const rowGroup = (bytes: number, count: number, eventType = DNS, fill = 0) => ({
  eventType,
  count,
  rows: new Uint8Array(bytes).fill(fill),
});

/** A row group of one DNS row. */
export function rowGroupOf(queryName: string) {
  const { count, rows } = dnsRowGroup([{ queryName, observation: { id: randomBytes(16) } }]);
  return { eventType: DNS, count, rows };
}
