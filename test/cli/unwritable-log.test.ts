import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const WIRELOOM = fileURLToPath(new URL("../../runtime/cli/wireloom.ts", import.meta.url));
const CAPTURE = fileURLToPath(new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url));

it.skipIf(process.platform !== "linux")("a log that cannot be written does not end a collector", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const full = openSync("/dev/full", "w");
  const args = [
    "--import",
    import.meta.resolve("tsx"),
    WIRELOOM,
    "up",
    "--read",
    CAPTURE,
    "--listen",
    `127.0.0.1:${port}`,
  ];
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
