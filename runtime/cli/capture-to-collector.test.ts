import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
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

it.each<[string, Partial<CaptureOptions>]>([
  ["a label", { label: ["no value"] }],
  ["a limit", { limit: ["no_such_limit=1"] }],
  ["an option of a plugin", { set: ["no.such.option=1"] }],
])("a capture is closed when %s is refused before it begins", async (_, wrong) => {
  const { signal } = new AbortController();
  const capture = await prepareCapture(BASE, signal);
  let closed = 0;
  const close = async () => {
    closed++;
    await capture.close();
  };
  const collector = { transport: new ConnectTransport("http://127.0.0.1:1") };
  await expect(captureToCollector({ ...BASE, ...wrong }, { ...capture, close }, collector, signal)).rejects.toThrow();
  expect(closed).toBe(1);
});
