import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { randomEvents } from "../../generated/testing/random-events.js";
import { Random } from "../record/testing/random.js";
import { BatchWriter } from "./batch-writer.js";

const RECORDS = 10_000;

describe.each(randomEvents)("codec of $resource", ({ codec, message, fillRandom }) => {
  it("writes what protobuf-es writes, byte for byte, and reads it back into the same record", () => {
    const random = new Random(7);
    const record = codec.createRecord();
    const again = codec.createRecord();
    const writer = new BatchWriter(64);
    const rewriter = new BatchWriter(64);
    for (let i = 0; i < RECORDS; i++) {
      record.reset();
      fillRandom(random, record);
      writer.reset();
      codec.encode(record, writer);
      const rows = writer.take();
      const body = bodyOf(rows);
      const peer = toBinary(message, fromBinary(message, body));
      expect(Buffer.compare(peer, body)).toBe(0);

      again.reset();
      codec.decode(body, 0, body.length, again);
      rewriter.reset();
      codec.encode(again, rewriter);
      expect(Buffer.compare(rewriter.take(), rows)).toBe(0);
    }
  });

  it("writes an empty record as an observation of the epoch, whose time is written like any other", () => {
    const record = codec.createRecord();
    const writer = new BatchWriter();
    codec.encode(record, writer);
    expect([...writer.take()]).toEqual([10, 11, 10, 9, 17, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(toBinary(message, create(message))).toHaveLength(0);
  });
});

/** The message inside `rows`, which holds one item of `repeated rows = 1`. */
function bodyOf(rows: Uint8Array): Uint8Array {
  let at = 1;
  while (rows[at]! > 127) at++;
  return rows.subarray(at + 1);
}
