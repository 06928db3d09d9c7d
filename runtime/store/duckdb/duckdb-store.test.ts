import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeStore } from "../testing/store-suite.js";
import { duckdb } from "./duckdb-backend.js";

describeStore(duckdb, async () => {
  const folder = await mkdtemp(join(tmpdir(), "wireloom-store-"));
  return { location: `duckdb:${folder}/test.duckdb`, remove: () => rm(folder, { recursive: true }) };
});
