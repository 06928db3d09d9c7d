import type { DescMessage } from "@bufbuild/protobuf";
import type { EventRecord } from "../../plugin/event-record.js";
import type { EventCodec } from "../../plugin/plugin.js";
import type { Random } from "./random.js";

/** An event with a generator of seeded random records, for benchmarks and equality tests. */
export interface RandomEvent<Record extends EventRecord = EventRecord> {
  readonly resource: string;
  readonly codec: EventCodec<Record>;
  readonly message: DescMessage;
  fillRandom(random: Random, record: Record): void;
}

/** An event whose codec and generator agree on one record type, as a member of a list of many. */
export function defineRandomEvent<Record extends EventRecord>(event: RandomEvent<Record>): RandomEvent {
  // Only the event's own codec makes the records that its generator gets.
  return event as unknown as RandomEvent;
}
