import type { EventRecord } from "../../plugin/event-record.js";

/**
 * Resets a record whose members a decoder replaced to its zero values, in place, because decoders keep a reference to it. `pristine` is a
 * new record of the same event, whose members are moved. Returns false if the record can no longer be changed.
 */
export function restoreRecord(record: EventRecord, pristine: EventRecord): boolean {
  try {
    for (const name of Reflect.ownKeys(record)) {
      if (!Object.hasOwn(pristine, name) && !Reflect.deleteProperty(record, name)) return false;
    }
    Object.assign(record, pristine);
    record.reset();
    return true;
  } catch {
    return false;
  }
}
