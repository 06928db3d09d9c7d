import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { randomEvents } from "../../generated/testing/random-events.js";
import { BatchWriter } from "../../runtime/protobuf/batch-writer.js";
import { Random } from "../../runtime/record/testing/random.js";
import { raceMs, report, reportPeer } from "../measure.js";

const RECORDS = 20_000;
const ROUNDS = 15;
/** The writer is emptied where it holds as much as an agent's batch. Stated here, so that commits without `ingest-limits.ts` run it too. */
const BATCH_BYTES = 1 << 20;

// Generated codecs against protobuf-es, on the same random records: encoding from filled records and messages, and reading wire
// bytes into columns or into messages.
for (const { resource, codec, message, fillRandom } of randomEvents) {
  const random = new Random(1);
  const writer = new BatchWriter(1 << 20);
  const records = Array.from({ length: 512 }, () => {
    const record = codec.createRecord();
    fillRandom(random, record);
    return record;
  });
  const bodies = records.map((record) => {
    writer.reset();
    codec.encode(record, writer);
    return bodyOf(writer.take());
  });
  const messages = bodies.map((body) => fromBinary(message, body));

  const encode = raceMs(
    () => {
      for (let i = 0; i < RECORDS; i++) {
        if (writer.position > BATCH_BYTES) writer.reset();
        codec.encode(records[i & 511]!, writer);
      }
    },
    () => {
      for (let i = 0; i < RECORDS; i++) toBinary(message, messages[i & 511]!);
    },
    ROUNDS,
  );
  const bytes = (bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length) * RECORDS;
  reportRates(`encode ${resource}`, encode, bytes);

  writer.reset();
  for (let i = 0; i < RECORDS; i++) codec.encode(records[i & 511]!, writer);
  const rows = writer.take();
  const columns = codec.createColumns();
  const read = raceMs(
    () => {
      for (let at = 0; at < rows.length; ) at = codec.read(rows, at, rows.length, columns);
    },
    () => {
      for (let i = 0; i < RECORDS; i++) fromBinary(message, bodies[i & 511]!);
    },
    ROUNDS,
  );
  reportRates(`read ${resource}`, read, bytes);
}

/** Reports times in milliseconds, of rows with `bytes` bytes in all: of commits with other columns, those a second are alike, not the rows. */
function reportRates(name: string, { a, b }: { a: number; b: number }, bytes: number): void {
  report(name, { "rows/s": (RECORDS / a) * 1000, "MB/s": bytes / a / 1000, ratio: b / a });
  reportPeer(`${name}, protobuf-es`, { "rows/s": (RECORDS / b) * 1000 });
}

/** The message inside `rows`, which holds one item of `repeated rows = 1`. */
function bodyOf(rows: Uint8Array): Uint8Array {
  let at = 1;
  while (rows[at]! > 127) at++;
  return rows.slice(at + 1);
}
