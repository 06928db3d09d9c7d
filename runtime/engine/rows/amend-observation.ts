import type { ObservationRecord } from "../../../generated/wireloom/v1/observation-record.js";
import type { Amendments } from "../pairing/pending-table.js";

/** Adds facts about a request that became known while it was open. */
export function amendObservation(observation: ObservationRecord, amendments: Readonly<Amendments>): void {
  observation.retransmissions += amendments.retransmissions;
  observation.duplicates += amendments.duplicates;
  if (amendments.hasGap) observation.gap = true;
}
