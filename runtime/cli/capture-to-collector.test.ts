import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { ConnectTransport } from "../agent/connect/connect-transport.js";
import type { CaptureOptions } from "./capture-options.js";
import { captureToCollector } from "./capture-to-collector.js";
import { prepareCapture } from "./prepare-capture.js";

const CAPTURE = fileURLToPath(new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url));
const BASE: CaptureOptions = {
  read: [CAPTURE],
  follow: true,
  label: [],
  filter: [],
  limit: [],
  networks: "join",
  redact: [],
  set: [],
  ring: 1,
  memory: 512,
};

it("a capture is closed when an option is refused before it begins", async () => {
  const { signal } = new AbortController();
  const capture = await prepareCapture(BASE, signal);
  let closed = 0;
  const close = async () => {
    closed++;
    await capture.close();
  };
  const collector = { transport: new ConnectTransport("http://127.0.0.1:1") };
  const options = { ...BASE, label: ["no value"] };
  await expect(captureToCollector(options, { ...capture, close }, collector, signal)).rejects.toThrow("no value");
  expect(closed).toBe(1);
});

it.each<[string, Partial<CaptureOptions>, RegExp]>([
  ["a limit", { limit: ["no_such_limit=1"] }, /no_such_limit/],
  ["an option of a plugin", { set: ["no.such.option=1"] }, /no\.such\.option/],
])("%s is refused before a source is opened", async (_, wrong, message) => {
  const options = { ...BASE, ...wrong, read: ["/no/such/file"] };
  await expect(prepareCapture(options, new AbortController().signal)).rejects.toThrow(message);
});

it("a key is read once, as from a pipe", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wireloom-key-"));
  try {
    const pipe = join(folder, "key");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const writer = spawn("sh", ["-c", 'printf 0123456789abcdef > "$0"', pipe]);
    const closed = once(writer, "close");
    onTestFinished(() => void writer.kill());
    const capture = await prepareCapture({ ...BASE, redactKey: pipe }, new AbortController().signal);
    expect(Buffer.from(capture.settings.redaction.key!).toString()).toBe("0123456789abcdef");
    await capture.close();
    await closed;
  } finally {
    rmSync(folder, { recursive: true });
  }
});
