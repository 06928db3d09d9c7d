import type { Batch, Counter, IngestRequest } from "../../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../../ingest-limits.js";
import { nameProblem } from "../../name-problem.js";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { describeNearest } from "../../schema/nearest-name.js";
import { quote } from "../../schema/quote.js";
import type { IngestBatch, RowGroup, RowGroupRefusal } from "../../store/ingest-store.js";
import { WireloomError } from "../../wireloom-error.js";

/** A request on an open session. */
export type SessionRequest =
  | { readonly kind: "batch"; readonly batch: IngestBatch }
  | { readonly kind: "report"; readonly counters: ReadonlyMap<string, bigint>; readonly hasEnded: boolean };

/** Checks a request on an open session. Throws `invalid_argument` on what is neither a batch nor a report, or exceeds a bound. */
export function sessionRequest(
  { content }: IngestRequest,
  events: ReadonlyMap<string, CollectedEvent>,
): SessionRequest {
  switch (content.case) {
    case "batch":
      return { kind: "batch", batch: ingestBatch(content.value, events) };
    case "report": {
      const { counters, ended } = content.value;
      return { kind: "report", counters: checkedCounters("a report", counters), hasEnded: ended };
    }
    default:
      throw invalid("a request on an open session carries neither a batch nor a report");
  }
}

function ingestBatch(batch: Batch, events: ReadonlyMap<string, CollectedEvent>): IngestBatch {
  if (batch.rowGroups.length > IngestLimits.batchRowGroups) {
    throw invalid(
      `batch ${batch.sequence}: ${batch.rowGroups.length} row groups are given, at most ${IngestLimits.batchRowGroups} are taken`,
    );
  }
  const rowGroups: RowGroup[] = [];
  const refused: RowGroupRefusal[] = [];
  for (const { eventType, count, rows } of batch.rowGroups) {
    const event = events.get(eventType);
    if (event === undefined) refused.push(unknownEvent(eventType, count, events));
    else rowGroups.push({ event, count, rows });
  }
  return {
    sequence: batch.sequence,
    rowGroups,
    refused,
    counters: checkedCounters(`batch ${batch.sequence}`, batch.counters),
  };
}

function unknownEvent(eventType: string, rows: number, events: ReadonlyMap<string, CollectedEvent>): RowGroupRefusal {
  const name = eventType.slice(0, IngestLimits.nameBytes);
  const message = `this collector has no event ${quote(name)}; ${describeNearest(name, events.keys())}`;
  return { eventType: name, rows, code: "unknown_event", message };
}

function checkedCounters(what: string, counters: readonly Counter[]): ReadonlyMap<string, bigint> {
  if (counters.length > IngestLimits.counters) {
    throw invalid(`${what}: ${counters.length} counters are given, at most ${IngestLimits.counters} are taken`);
  }
  for (const { name } of counters) {
    const problem = nameProblem(name);
    if (problem !== undefined) throw invalid(`${what}: the counter's name ${quote(name)} ${problem}`);
  }
  return new Map(counters.map(({ name, value }) => [name, value]));
}

function invalid(message: string): WireloomError {
  return new WireloomError("invalid_argument", message);
}
