import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { BUILT_COMMAND } from "./built-command.js";
import { expectLine } from "./expect-line.js";
import { runWireloom } from "./run-wireloom.js";

const CAPTURE = fileURLToPath(new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url));

it.skipIf(process.platform !== "linux")("a log that cannot be written does not end a collector", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const full = openSync("/dev/full", "w");
  const args = [BUILT_COMMAND, "up", "--read", CAPTURE, "--listen", `127.0.0.1:${port}`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", full] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  try {
    const status = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        (response) => response.status,
        () => 0,
      );
    await expect.poll(status, { timeout: 20_000 }).toBe(200);
    const rows = () =>
      fetch(`http://127.0.0.1:${port}/v1/dns`).then(
        async (response) => ((await response.json()) as { data: unknown[] }).data.length,
      );
    await expect.poll(rows, { timeout: 10_000 }).toBeGreaterThan(0);
  } finally {
    child.kill("SIGTERM");
    closeSync(full);
  }
  expect(await ended).toBe(0);
});

it.skipIf(process.platform !== "linux")(
  "an output that cannot be written ends the run at once, in one line",
  async () => {
    const later = ["dns/captures/responses.pcap", "ntp/captures/client-server.pcap"];
    const files = [CAPTURE, ...later.map((path) => fileURLToPath(new URL(`../../plugins/${path}`, import.meta.url)))];
    const output = await runWireloom(["decode", ...files, "-o", "/dev/full"]);
    expectLine(output, 1, /^wireloom: \/dev\/full cannot be written: no space is left[^\n]*\n$/);
    const sorted = await runWireloom(["decode", ...files, "--sort", "time", "-o", "/dev/full"]);
    expectLine(sorted, 1, /^wireloom: \/dev\/full cannot be written: no space is left[^\n]*\n$/);
  },
);

it
  .skipIf(process.platform !== "linux")
  .each(["plugins", "limits", "version", "decode --help", "plugin new --help", "decode CAPTURE -p dns -f csv"])(
  "standard output that cannot be written is reported in one line: %s",
  async (command) => {
    const args = command.replace("CAPTURE", CAPTURE).split(" ");
    const full = await runWireloom(args, { wrapper: ["sh", "-c", 'exec "$@" > /dev/full', "sh"] });
    expectLine(full, 1, /^wireloom: standard output cannot be written: no space is left[^\n]*\n$/);
  },
);

it.skipIf(process.platform !== "linux")(
  "a reader that closes standard output early does not cause an error",
  async () => {
    const { stderr } = await runWireloom(["plugins"], { wrapper: ["bash", "-c", '"$@" > >(exec true)', "bash"] });
    expect(stderr).toBe("");
  },
);
