import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { buildPcap } from "../../runtime/capture/testing/build-capture.js";
import { udpFrame } from "../../runtime/plugin/testing/udp-frame.js";
import { isTsharkInstalled } from "../captures/tshark-fields.js";
import { runWireloom } from "./run-wireloom.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const COPIED = [
  "proto",
  "plugins",
  "codegen",
  "runtime",
  "generated",
  "test/conformance",
  "test/captures",
  "buf.yaml",
  "buf.gen.yaml",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "biome.json",
];

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "wireloom-plugin-"));
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules", ".bin", command), args, {
    cwd: copy,
    encoding: "utf8",
  });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

/** A capture in the plugin's folder gets its expected rows, and is compared with tshark, without an edit anywhere else. */
async function checkCapture(plugin: string, port: number): Promise<void> {
  const captures = join(copy, "plugins", plugin, "captures");
  mkdirSync(captures);
  // version 1, kind 2 (response), "hi"
  const bytes = udpFrame(Uint8Array.of(1, 2, 0x68, 0x69), { srcPort: 40000, dstPort: port });
  writeFileSync(join(captures, "hello.pcap"), buildPcap([{ bytes }]));
  run("tsx", "test/conformance/write-expected-rows.ts", plugin);
  expect(readFileSync(join(captures, "hello.ndjson"), "utf8")).toMatch(/"text":"hi"/);
  run("vitest", "run", "test/conformance/expected-rows.test.ts", "--testNamePattern", plugin);
  if (!(await isTsharkInstalled())) return;
  const report = run("tsx", "test/conformance/run-conformance.ts", captures);
  expect(report).toMatch(/^ {2}newborn +6 of +6 values agree/m);
  expect(report).toMatch(/^only the observation is compared, .*\bnewborn\b/m);
}

/** The first ports from 61000 that no plugin here is bound to. */
function freePorts(count: number): string[] {
  const bound = new Set(registry.plugins.flatMap(({ bindings }) => bindings.udpPorts));
  const ports = Array.from({ length: count + bound.size }, (_, i) => 61000 + i);
  return ports
    .filter((each) => !bound.has(each))
    .slice(0, count)
    .map(String);
}

it("a new plugin generates, compiles, is formatted and passes its own test at once", async () => {
  const created = await runWireloom(["plugin", "new", "newborn"], { cwd: copy });
  expect(created.stderr).toBe("");
  expect(created.code).toBe(0);
  // What is printed is done in its order: a new proto is generated before the decoder fills it.
  const steps = created.stdout.slice(created.stdout.indexOf("Next")).split("\n");
  const places = [
    "newborn.proto",
    "npm run generate",
    "decoder.ts",
    "vitest run plugins/newborn && npm run check:types",
    "npm run build",
  ];
  expect(places.map((text) => steps.findIndex((line) => line.includes(text)))).toEqual([1, 2, 3, 4, 5]);
  const beside = await runWireloom(["plugin", "new", "twin"], { cwd: copy });
  expect(beside.code).toBe(0);
  const portOf = (name: string) =>
    /udp_ports: (\d+)/.exec(readFileSync(join(copy, "plugins", name, `${name}.proto`), "utf8"))?.[1];
  const [port, twinPort] = [portOf("newborn"), portOf("twin")];
  expect([port, twinPort]).toEqual(freePorts(2));
  const taken = await runWireloom(["plugin", "new", "third", "--udp-port", twinPort!], { cwd: copy });
  expect(taken.stderr).toMatch(`wireloom: UDP port ${twinPort} is already bound by the plugin twin\n`);
  run("buf", "generate");
  run("tsc", "-p", "tsconfig.json");
  run("biome", "check", "--vcs-enabled=false", "plugins/newborn");
  run("vitest", "run", "plugins/newborn");
  await checkCapture("newborn", Number(port));

  const again = await runWireloom(["plugin", "new", "newborn"], { cwd: copy });
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/^wireloom: plugins\/newborn already exists; choose another name$/m);
  const elsewhere = await runWireloom(["plugin", "new", "newborn"], { cwd: tmpdir() });
  expect(elsewhere.stderr).toMatch(/run the command in a clone of wireloom/);
});
