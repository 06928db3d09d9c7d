import fc from "fast-check";
import { registry } from "../../../generated/registry.js";
import { randomEvents } from "../../../generated/testing/random-events.js";
import { BatchWriter } from "../../../runtime/protobuf/batch-writer.js";
import { Random } from "../../../runtime/record/testing/random.js";
import { WireloomError } from "../../../runtime/wireloom-error.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { mutate, mutations } from "../mutation.js";

const SEED_ROWS = 64;

/** Every codec: changed rows are read, or refused as malformed. */
export const codecsTarget: FuzzTarget = {
  name: "codecs",
  share: 0.06,
  prepare() {
    const random = new Random(11);
    const seeds = randomEvents.flatMap((event) =>
      Array.from({ length: SEED_ROWS }, () => {
        const writer = new BatchWriter();
        const record = event.codec.createRecord();
        event.fillRandom(random, record);
        event.codec.encode(record, writer);
        return { resource: event.resource, bytes: writer.bytes.slice(0, writer.position) };
      }),
    );
    const columns = new Map(
      registry.plugins.map(({ table, codec }) => [table.resource, { codec, columns: codec.createColumns() }]),
    );
    const place = fc.nat(seeds.length - 1);
    return fc.property(fc.record({ seed: place, other: place, changes: mutations }), ({ seed, other, changes }) => {
      const { resource, bytes } = seeds[seed]!;
      const changed = mutate(bytes, changes, seeds[other]!.bytes);
      const target = columns.get(resource)!;
      try {
        for (let at = 0; at < changed.length; ) at = target.codec.read(changed, at, changed.length, target.columns);
      } catch (error) {
        if (!(error instanceof WireloomError) || error.code !== "malformed_row_group") throw error;
      }
    });
  },
};
