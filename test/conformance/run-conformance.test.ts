import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { isTsharkInstalled } from "../captures/tshark-fields.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wireloom-conformance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = await isTsharkInstalled();

function run(...args: string[]) {
  const command = ["--import", "tsx", "test/conformance/run-conformance.ts", ...args];
  return spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
}

it.skipIf(!installed)("of a folder only its captures are compared", { timeout: 60_000 }, () => {
  cpSync(join(root, "plugins/dns/captures/truncated.pcap"), join(folder, "one.pcap"));
  const { status, stdout } = run(folder);
  expect(stdout.match(/^.*captures, .* unread$/gm)).toEqual([expect.stringMatching(/: 1 captures, 0 unread$/)]);
  expect(stdout).toMatch(/^ {2}dns /m);
  expect(status).toBe(0);
});

it.skipIf(!installed)("one protocol alone is compared, under the name that is given", { timeout: 60_000 }, () => {
  cpSync(join(root, "plugins/dns/captures/truncated.pcap"), join(folder, "one.pcap"));
  const { status, stdout } = run("--protocol", "dns", "--name", "some captures", folder);
  expect(stdout).toMatch(/^some captures: 1 captures/m);
  expect(stdout.match(/^ {2}\w+ +\d+ of/gm)).toEqual([expect.stringMatching(/^ {2}dns /)]);
  expect(status).toBe(0);
});

it.each([
  [["nowhere"], /nowhere is not a folder/],
  [["--protocol", "gopher"], /no plan compares gopher/],
  [["--jobs", "0"], /--jobs 0 is not a number/],
  [["--write", "--protocol", "dns"], /--write needs the results of all protocols/],
  [["--name", "some"], /--name is for the captures of a DIR/],
])("%j is refused before anything is compared", { timeout: 60_000 }, (args, message) => {
  const { status, stdout, stderr } = run(...args);
  expect(stderr).toMatch(message);
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

it("help is printed", { timeout: 60_000 }, () => {
  const { status, stdout } = run("--help");
  expect(stdout).toMatch(/^Usage: npm run conformance/);
  expect(status).toBe(0);
});
