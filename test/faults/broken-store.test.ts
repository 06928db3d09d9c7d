import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeDnsCapture } from "../../bench/traffic/dns.js";
import { startWireloom } from "../cli/run-wireloom.js";

const hasStrace = spawnSync("strace", ["-V"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "wireloom-broken-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(!hasStrace)(
  "a disk that fills between the check and the commit ends the command with an error, and what was committed stays (with strace)",
  async () => {
    const capture = join(folder, "dns.pcap");
    writeDnsCapture(capture, 200_000);
    const store = join(folder, "rows.duckdb");
    const up = ["up", "--read", capture, "--listen", "127.0.0.1:0", "--id", "probe", "--store", `duckdb:${store}`];
    // From its twentieth write on, the database file is on a full disk.
    const full = ["strace", "-f", "-qq", "-o", join(folder, "trace"), "-P", store, "-e", "trace=pwrite64"];
    const broken = startWireloom(up, { wrapper: [...full, "-e", "inject=pwrite64:error=ENOSPC:when=20+"] });
    const { code, stderr } = await broken.finished;
    expect(stderr).toMatch(/wireloom: \S+rows\.duckdb must be opened anew after a failed checkpoint; [^(\n]* again\n$/);
    expect(code).toBe(1);

    const again = startWireloom(up);
    const [, url] = await again.says(/listening on (\S+),/);
    const [, rows] = await again.says(/^dns: ([\d ]+) rows/m);
    const rowCount = Number(rows!.replaceAll(" ", ""));
    expect(rowCount).toBeGreaterThanOrEqual(100_000);
    const response = await fetch(`${url}/v1/dns?count=exact&page_size=1`);
    expect(await response.json()).toMatchObject({ count: rowCount });
    again.process.kill("SIGTERM");
    expect((await again.finished).code).toBe(0);
  },
);
