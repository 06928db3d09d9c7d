import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import { Rcode, RecordType } from "../../../generated/dns/dns_pb.js";
import { dnsRowGroup, storeRowGroups } from "../../collector/testing/collector.js";
import { openStore } from "../open-store.js";

it("the readable view has addresses, enums and durations as people read them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wireloom-view-"));
  const store = await openStore(`duckdb:${folder}/view.duckdb`, collectedEvents);
  const address = Uint8Array.from(Buffer.from("20010db8000000000000000000000001", "hex"));
  await storeRowGroups(store, "probe-1", [
    dnsRowGroup([
      {
        rcode: Rcode.NXDOMAIN,
        latency: 1_500_000n,
        answerTypes: [RecordType.A, 4321 as RecordType],
        observation: { srcAddress: Uint8Array.of(192, 0, 2, 255), dstAddress: address, transport: 17 },
      },
    ]),
  ]);
  const mapped = Uint8Array.from(Buffer.from("00000000000000000000ffffc0000201", "hex"));
  await storeRowGroups(store, "probe-2", [dnsRowGroup([{ observation: { srcAddress: mapped } }])]);
  await store.close();
  const instance = await DuckDBInstance.create(`${folder}/view.duckdb`);
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(
    "SELECT src_address, dst_address, transport, rcode, latency::VARCHAR, answer_types::VARCHAR, agent_id, query_type FROM dns_readable WHERE agent_id = 'probe-1'",
  );
  expect(result.getRows()).toEqual([
    [
      "192.0.2.255",
      "2001:0db8:0000:0000:0000:0000:0000:0001",
      "UDP",
      "NXDOMAIN",
      "00:00:00.0015",
      "[A, 4321]",
      "probe-1",
      null,
    ],
  ]);
  const other = await connection.runAndReadAll("SELECT src_address FROM dns_readable WHERE agent_id = 'probe-2'");
  expect(other.getRows()).toEqual([["0000:0000:0000:0000:0000:ffff:c000:0201"]]);
  connection.closeSync();
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

it("a start that changes no table writes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wireloom-view-"));
  const path = `${folder}/view.duckdb`;
  await (await openStore(`duckdb:${path}`, collectedEvents)).close();
  const modified = () => statSync(path, { bigint: true }).mtimeNs;
  const before = modified();
  const store = await openStore(`duckdb:${path}`, collectedEvents);
  expect(readdirSync(folder)).toEqual(["view.duckdb"]);
  await store.close();
  expect(modified()).toBe(before);
  rmSync(folder, { recursive: true });
});
