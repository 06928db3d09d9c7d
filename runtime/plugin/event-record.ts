import type { ObservationRecord } from "../../generated/wireloom/v1/observation-record.js";

/** What every generated record has in common. */
export interface EventRecord {
  readonly observation: ObservationRecord;
  /** Whether a field was truncated at its limit. */
  hasOverflowed(): boolean;
  /** Resets all fields to their zero values, including the observation. */
  reset(): void;
}
