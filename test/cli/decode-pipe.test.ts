import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BUILT_COMMAND } from "./built-command.js";
import { type Running, startWireloom } from "./run-wireloom.js";

const CAPTURE = fileURLToPath(new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url));
const HEADER_BYTES = 24;
/** Seconds, microseconds, captured length, original length. */
const RECORD_HEADER_BYTES = 16;
const folder = mkdtempSync(join(tmpdir(), "wireloom-pipe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The packets of the capture so often that no pipe holds their rows, a minute later each time. */
let large: string;
beforeAll(() => {
  large = join(folder, "large.pcap");
  const capture = readFileSync(CAPTURE);
  const packets = (times: number) => {
    const again = Buffer.from(capture.subarray(HEADER_BYTES));
    for (let at = 0; at < again.length; at += RECORD_HEADER_BYTES + again.readUInt32LE(at + 8)) {
      again.writeUInt32LE(again.readUInt32LE(at) + times * 60, at);
    }
    return again;
  };
  writeFileSync(large, Buffer.concat([capture, ...Array.from({ length: 500 }, (_, i) => packets(i + 1))]));
});

/** Runs a shell command in which `$W` is wireloom. */
function shell(command: string): Promise<{ stdout: string; stderr: string }> {
  const script = command.replaceAll("$W", `'${process.execPath}' '${BUILT_COMMAND}'`);
  const child = spawn("bash", ["-c", script]);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on("close", () => resolve({ stdout, stderr })));
}

it.each(["ndjson", "table"])(
  "a reader that closes the pipe of %s is not an error, and ends the command",
  async (format) => {
    const { stdout, stderr } = await shell(
      `$W decode -q -f ${format} ${large} | head -n 2; echo "code \${PIPESTATUS[0]}"`,
    );
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n").at(-1)).toBe("code 0");
    expect(stdout.trim().split("\n").length).toBe(3);
  },
);

it("a slow reader gets every row, and no warning appears", async () => {
  const { stdout, stderr } = await shell(`$W decode -q -p dns ${large} | (sleep 2; wc -l)`);
  expect(stderr).toBe("");
  expect(stdout.trim()).toBe(String(30 * 501));
});

it("rows of a pipe are printed while it stays open, of a capture with two packets too", async () => {
  // Query and response of one transaction: the file header and the first two records.
  const capture = readFileSync(CAPTURE);
  const first = 16 + capture.readUInt32LE(HEADER_BYTES + 8);
  const second = 16 + capture.readUInt32LE(HEADER_BYTES + first + 8);
  const input = capture.subarray(0, HEADER_BYTES + first + second);
  const running = startWireloom(["decode", "-", "-p", "dns"], { input, keepsInput: true });
  expect(await running.prints(/"query_name":"[^"]+"/)).toBeDefined();
  running.process.stdin!.end();
  expect(await running.finished).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^2 packets .*\ndns: 1 row,/),
  });
});

it("a file that grows is followed", async () => {
  const path = join(folder, "grows.pcap");
  const capture = readFileSync(CAPTURE);
  writeFileSync(path, capture.subarray(0, HEADER_BYTES));
  const running = startWireloom(["decode", "--follow", path, "-p", "dns", "--fields", "query_name"]);
  appendFileSync(path, capture.subarray(HEADER_BYTES));
  await running.prints(/alias\.wireloom\.example/);
  running.process.kill("SIGINT");
  const { code, stdout, stderr } = await running.finished;
  expect(code).toBe(130);
  expect(stdout.trim().split("\n").length).toBe(30);
  expect(stderr).toMatch(/^wireloom: stopped after 75 packets\n/);
});

it.each([
  ["SIGINT", "ndjson", 130],
  ["SIGTERM", "table", 143],
  ["SIGHUP", "ndjson", 129],
] as const)("%s ends decode with what was read, in %s", async (signal, format, code) => {
  const running = startWireloom(["decode", "-", "-p", "dns", "-f", format], {
    input: readFileSync(CAPTURE),
    keepsInput: true,
  });
  await running.prints(/www\.wireloom\.example/);
  running.process.kill(signal);
  const finished = await running.finished;
  expect(finished.code).toBe(code);
  expect(finished.stderr).toMatch(/^wireloom: stopped after 75 packets\n75 packets in /);
  expect(finished.stdout).toContain("empty.wireloom.example");
});

it("a reader that does not read holds up the end no longer than a second, and a second signal not at all", async () => {
  const stalled = async (...signals: NodeJS.Signals[]): Promise<number | null> => {
    const running: Running = startWireloom(["decode", "-q", large]);
    await running.prints(/dns/);
    running.process.stdout!.pause();
    await setTimeout(500);
    const exited = new Promise<number | null>((resolve) => running.process.once("exit", resolve));
    for (const signal of signals) running.process.kill(signal);
    const code = await exited;
    running.process.stdout!.destroy();
    return code;
  };
  expect(await stalled("SIGTERM")).toBe(143);
  expect(await stalled("SIGINT", "SIGTERM")).toBeGreaterThan(128);
});

it.skipIf(process.platform === "win32")(
  "a named pipe without a writer does not keep a command from ending",
  async () => {
    const pipe = join(folder, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const decoding = startWireloom(["decode", pipe, "-p", "dns"]);
    const sending = startWireloom(["agent", "--read", pipe, "--collector", "http://127.0.0.1:1"]);
    await sending.says(/reading/);
    await setTimeout(1000);
    decoding.process.kill("SIGINT");
    sending.process.kill("SIGTERM");
    expect((await decoding.finished).code).toBe(130);
    expect((await sending.finished).code).toBe(143);
  },
);
