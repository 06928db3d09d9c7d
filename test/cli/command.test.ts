import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runWireloom } from "./run-wireloom.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

const CAPTURE = join(root, "plugins", "dns", "captures", "record-types.pcap");

/** A clone in which nothing was installed or built. */
let clone: string;
let command: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), "wireloom-clone-"));
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  command = join(clone, bin.wireloom);
  cpSync(join(root, "package.json"), join(clone, "package.json"));
  cpSync(join(root, "bin"), join(clone, "bin"), { recursive: true });
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

it("the package's command is committed and can be run, and says in one line how a clone is built", () => {
  expect(statSync(command).mode & 0o111).toBe(0o111);
  const { status, stdout, stderr } = spawnSync(command, ["version"], { encoding: "utf8" });
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^wireloom: .* is not built yet; run npm run build there.*\n$/);
  expect(status).toBe(1);
});

it("runs what was built, with its arguments", () => {
  const built = join(clone, "dist", "runtime", "cli");
  mkdirSync(built, { recursive: true });
  writeFileSync(join(built, "bin.cjs"), "console.log(process.argv.slice(2).join());");
  const { stdout, stderr } = spawnSync(command, ["decode", "a.pcap"], { encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["decode,a.pcap\n", ""]);
});

it("reports a plugin that was changed after the build, and runs what was built", () => {
  const plugin = join(clone, "plugins", "toy");
  for (const folder of ["captures", "conformance", "testing", "message/header"])
    mkdirSync(join(plugin, folder), { recursive: true });
  const write = (name: string, seconds: number) => {
    writeFileSync(join(plugin, name), "");
    const time = Date.now() / 1000 + seconds;
    utimesSync(join(plugin, name), time, time);
  };
  const run = () => {
    const { stdout, stderr } = spawnSync(command, ["version"], { encoding: "utf8" });
    expect(stdout).toBe("version\n");
    return stderr;
  };
  mkdirSync(join(clone, "scripts"));
  cpSync(join(root, "scripts", "ensure-built.mjs"), join(clone, "scripts", "ensure-built.mjs"));
  write("toy.proto", -60);
  write("decoder.ts", -60);
  write("message/header/fields.ts", -60);
  for (const name of ["decoder.test.ts", "captures/record.ts", "conformance/plan.ts", "testing/bytes.ts", "notes.md"])
    write(name, 60);
  expect(run()).toBe("");
  write("message/header/fields.ts", 60);
  expect(run()).toContain(`${join("plugins", "toy", "message", "header", "fields.ts")} has changed since`);
  write("message/header/fields.ts", -60);
  write("decoder.ts", 60);
  const message = `wireloom: ${join("plugins", "toy", "decoder.ts")} has changed since the last build; run npm run build to use it\n`;
  expect(run()).toBe(message);
  // The package has protos, whose times are those of its installation, and nothing to build them with.
  rmSync(join(clone, "scripts"), { recursive: true });
  expect(run()).toBe("");
});

it("explains the values of enums", async () => {
  const { stdout } = await runWireloom(["plugins", "flow"]);
  expect(stdout).toMatch(/^ +conn_state +enum .*\n(.*\n)* +REJ: Refused: the other side answered the SYN with RST\.$/m);
  expect(stdout).toMatch(/^ +transport +enum .*\n +UNSPECIFIED, ICMP, IGMP, TCP, UDP, /m);
});

it("shows how a field is looked up", async () => {
  const { stdout } = await runWireloom(["plugins", "dns"]);
  expect(stdout).toMatch(/^ +query_name +text\? .*; index: text; sensitive: keep\)$/m);
});

it("prints from its source, without a build, what the built command prints", async () => {
  const args = ["decode", CAPTURE, "-q", "-p", "dns"];
  const source = join(root, "runtime", "cli", "wireloom.ts");
  const tsx = ["--import", import.meta.resolve("tsx"), source];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...tsx, ...args], { encoding: "utf8" });
  expect(stdout.split("\n").length).toBeGreaterThan(20);
  expect({ code: status, stdout, stderr }).toEqual(await runWireloom(args));
});
