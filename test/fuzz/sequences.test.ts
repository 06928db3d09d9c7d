import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { it } from "vitest";
import { readCorpus } from "./corpus.js";
import { sequencesTarget } from "./targets/sequences.js";

it("packets of one conversation that are lost, doubled, late or in a VLAN leave the rows of others as they are", async () => {
  const corpus = await readCorpus([fileURLToPath(new URL("../../plugins", import.meta.url))]);
  await fc.assert(sequencesTarget.prepare(corpus), { numRuns: 40 });
});
