import type { ObservationRecord } from "../../generated/wireloom/v1/observation-record.js";

/** What every generated record has in common. */
export interface EventRecord {
  readonly observation: ObservationRecord;
  /** True when a field was cut at its bound. */
  hasOverflowed(): boolean;
  /** All fields back to their zero values, the observation included. */
  reset(): void;
}
