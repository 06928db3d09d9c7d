import type { EventRecord } from "../../plugin/event-record.js";

/**
 * Brings a record that a decoder changed the members of back to its zero values, in place, because decoders keep it. `pristine` is a
 * record of the same event as it is made, whose members go over. False where the record can no longer be changed.
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
