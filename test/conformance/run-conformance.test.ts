import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wireloom-conformance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const command = ["--import", "tsx", "test/conformance/run-conformance.ts", ...args];
  return spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
}

it.skipIf(spawnSync("tshark", ["--version"]).error !== undefined)("of a folder only its captures are compared", () => {
  cpSync(join(root, "plugins/dns/captures/truncated.pcap"), join(folder, "one.pcap"));
  const { status, stdout } = run(folder);
  expect(stdout.match(/^.*captures, .* unread$/gm)).toEqual([expect.stringMatching(/: 1 captures, 0 unread$/)]);
  expect(stdout).toMatch(/^ {2}dns /m);
  expect(status).toBe(0);
});

it("what is not a folder is reported before anything is compared", () => {
  const { status, stdout, stderr } = run(join(folder, "nowhere"));
  expect(stderr).toMatch(/nowhere is not a folder/);
  expect(stdout).toBe("");
  expect(status).toBe(2);
});
