import type { EventRecord } from "../../plugin/event-record.js";
import type { Plugin } from "../../plugin/plugin.js";
import type { BatchWriter } from "../../protobuf/batch-writer.js";
import { adjustments } from "../../protobuf/value-range.js";
import type { Redactor } from "../redaction/redactor.js";
import { describeMisplacedMember } from "./misplaced-member.js";
import { replaceAllBigints, replaceNonNumbers } from "./replace-non-numbers.js";
import { restoreRecord } from "./restore-record.js";

/** The one record of a plugin, and how it becomes a row: values that its fields cannot hold are made to fit, flagged and counted. */
export class RowEncoder<Record extends EventRecord> {
  record: Record;
  /** Rows whose values were cut at a bound. */
  limitedRows = 0;
  /** Rows with a value that its field cannot hold. */
  outOfRangeRows = 0;
  readonly #codec: Plugin<Record>["codec"];
  readonly #redactor: Redactor | undefined;

  constructor({ codec }: Plugin<Record>, redactor: Redactor | undefined) {
    this.#codec = codec;
    this.#redactor = redactor;
    this.record = codec.createRecord();
  }

  /** True where rows are not those that were encoded, because values of them are redacted. */
  get isRedacting(): boolean {
    return this.#redactor !== undefined;
  }

  /** Encodes the record as a row that leaves the engine, with its sensitive values redacted, and resets it. */
  emit(writer: BatchWriter): void {
    if (this.#redactor !== undefined) this.#redact(this.#redactor);
    this.encode(writer);
  }

  /** As {@link emit} with the observation that is encoded in `data[start, end)`. */
  emitObserved(data: Uint8Array, start: number, end: number, writer: BatchWriter): void {
    const redactor = this.#redactor;
    if (redactor?.changesObservation === true) {
      this.#codec.decode(data, start, end, this.record);
      this.emit(writer);
      return;
    }
    if (redactor !== undefined) this.#redact(redactor);
    this.encodeObserved(data, start, end, writer);
  }

  /** A value that was cut stays cut where another one stands for it. */
  #redact(redactor: Redactor): void {
    const { record } = this;
    if (record.hasOverflowed() || record.observation.hasOverflowed()) record.observation.limitReached = true;
    try {
      redactor.redact(record);
    } catch (error) {
      this.#retry(error, () => redactor.redact(record));
    }
  }

  /** Encodes the record as it is, and resets it. */
  encode(writer: BatchWriter): void {
    const { record } = this;
    if (record.hasOverflowed() || record.observation.hasOverflowed()) {
      record.observation.limitReached = true;
      this.limitedRows++;
    }
    const { position } = writer;
    const adjusted = adjustments.count;
    try {
      this.#codec.encode(record, writer);
    } catch (error) {
      this.#retry(error, () => this.#codec.encode(record, writer));
    }
    if (adjustments.count !== adjusted) this.#encodeFlagged(writer, position);
    record.reset();
  }

  /** Encodes the record with the observation that is encoded in `data[start, end)`, and resets it. */
  encodeObserved(data: Uint8Array, start: number, end: number, writer: BatchWriter): void {
    const { record } = this;
    const { position } = writer;
    const adjusted = adjustments.count;
    try {
      this.#codec.encodeObserved(record, data, start, end, writer);
    } catch (error) {
      this.#retry(error, () => this.#codec.encodeObserved(record, data, start, end, writer));
    }
    if (adjustments.count !== adjusted) {
      record.observation.reset();
      this.#codec.decode(data, start, end, record);
      this.#encodeFlagged(writer, position);
    }
    record.reset();
  }

  /** Resets the record, whatever a decoder has put in the place of its members. */
  restore(): void {
    try {
      this.record.reset();
    } catch {
      // A decoder in plain JavaScript has put something else in the place of a member.
      if (!restoreRecord(this.record, this.#codec.createRecord())) this.record = this.#codec.createRecord();
    }
  }

  /** Does again what a value of the record made impossible, without that value; throws the error where no value was the reason. */
  #retry(error: unknown, work: () => void): void {
    const pristine = this.#codec.createRecord();
    let hasReplaced = false;
    for (const replace of [replaceNonNumbers, replaceAllBigints]) {
      if (!replace(this.record, pristine)) continue;
      hasReplaced = true;
      try {
        work();
        return;
      } catch {
        // The next kind of value may be the reason.
      }
    }
    const misplaced = describeMisplacedMember(this.record, pristine);
    if (misplaced !== undefined) throw new TypeError(misplaced, { cause: error });
    if (hasReplaced) work();
    else throw error;
  }

  /** Encodes the row at `position` again, flagged because the encoder made a value fit its field. */
  #encodeFlagged(writer: BatchWriter, position: number): void {
    const { record } = this;
    if (!record.observation.outOfRange) this.outOfRangeRows++;
    record.observation.outOfRange = true;
    writer.rewind(position);
    this.#codec.encode(record, writer);
  }
}
