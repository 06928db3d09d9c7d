import type { EventRecord } from "../../plugin/event-record.js";
import type { Plugin } from "../../plugin/plugin.js";
import { BatchWriter } from "../../protobuf/batch-writer.js";
import { adjustments } from "../../protobuf/value-range.js";
import type { Redactor } from "../redaction/redactor.js";
import { describeMisplacedMember } from "./misplaced-member.js";
import { replaceBigints, replaceNonNumbers } from "./replace-non-numbers.js";
import { restoreRecord } from "./restore-record.js";

/** Bytes of a writer for a row that is not kept; it grows. */
const SCRATCH_BYTES = 256;

/** The record of a plugin and its encoding as a row: values out of their field's range are adjusted, flagged and counted. */
export class RowEncoder<Record extends EventRecord> {
  record: Record;
  /** Number of rows with a truncated value. */
  limitedRows = 0;
  /** Number of rows with a value out of its field's range. */
  outOfRangeRows = 0;
  readonly #codec: Plugin<Record>["codec"];
  readonly #redactor: Redactor | undefined;

  constructor({ codec }: Plugin<Record>, redactor: Redactor | undefined) {
    this.#codec = codec;
    this.#redactor = redactor;
    this.record = codec.createRecord();
  }

  /** Whether rows differ from what was encoded, because values are redacted. */
  get isRedacting(): boolean {
    return this.#redactor !== undefined;
  }

  /** Encodes the record as a row that leaves the engine, with its sensitive values redacted, and resets it. */
  emit(writer: BatchWriter): void {
    if (this.#redactor !== undefined) this.#redact(this.#redactor, "redact");
    this.#encode(writer);
  }

  /** As {@link emit}, with the observation encoded in `data[start, end)`. */
  emitObserved(data: Uint8Array, start: number, end: number, writer: BatchWriter): void {
    const redactor = this.#redactor;
    if (redactor?.changesObservation === true) {
      this.#codec.decode(data, start, end, this.record);
      this.emit(writer);
      return;
    }
    if (redactor !== undefined) this.#redact(redactor, "redact");
    this.#encodeObserved(data, start, end, writer);
  }

  /** Encodes the record to be completed later and emitted then, with its credentials masked, and resets it. */
  hold(writer: BatchWriter): void {
    this.#mask();
    this.#encode(writer);
  }

  /** As {@link hold}, with the observation encoded in `data[start, end)`. */
  holdObserved(data: Uint8Array, start: number, end: number, writer: BatchWriter): void {
    this.#mask();
    this.#encodeObserved(data, start, end, writer);
  }

  #mask(): void {
    if (this.#redactor !== undefined) this.#redact(this.#redactor, "mask");
  }

  /** A truncated value stays marked as truncated if it is replaced. */
  #redact(redactor: Redactor, how: "redact" | "mask"): void {
    const { record } = this;
    if (record.hasOverflowed() || record.observation.hasOverflowed()) record.observation.limitReached = true;
    try {
      redactor[how](record);
    } catch (error) {
      this.#retry(error, () => redactor[how](record));
    }
  }

  /** Encodes the record unchanged, and resets it. */
  #encode(writer: BatchWriter): void {
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

  /** Encodes the record with the observation encoded in `data[start, end)`, and resets it. */
  #encodeObserved(data: Uint8Array, start: number, end: number, writer: BatchWriter): void {
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

  /** Resets the record, even if a decoder has replaced its members. */
  restore(): void {
    try {
      this.record.reset();
    } catch {
      // A decoder in plain JavaScript has replaced a member.
      if (!restoreRecord(this.record, this.#codec.createRecord())) this.record = this.#codec.createRecord();
    }
  }

  /** Repeats an operation that a value of the record made fail, without that value; throws the error if it was not caused by a value. */
  #retry(error: unknown, work: () => void): void {
    const pristine = this.#codec.createRecord();
    const encode = () => {
      const { count } = adjustments;
      try {
        this.#codec.encode(pristine, new BatchWriter(SCRATCH_BYTES));
      } finally {
        adjustments.count = count;
      }
    };
    let hasReplaced = false;
    for (const replace of [replaceNonNumbers, replaceBigints]) {
      if (!replace(this.record, pristine, encode)) continue;
      hasReplaced = true;
      try {
        work();
        return;
      } catch {
        // The next kind of value may be the cause.
      }
    }
    const misplaced = describeMisplacedMember(this.record, pristine);
    if (misplaced !== undefined) throw new TypeError(misplaced, { cause: error });
    if (hasReplaced) work();
    else throw error;
  }

  /** Encodes the row at `position` again, flagged because the encoder adjusted a value to its field. */
  #encodeFlagged(writer: BatchWriter, position: number): void {
    const { record } = this;
    if (!record.observation.outOfRange) this.outOfRangeRows++;
    record.observation.outOfRange = true;
    writer.rewind(position);
    this.#codec.encode(record, writer);
  }
}
