import { randomInt } from "node:crypto";
import { hostname } from "node:os";
import { type AgentSummary, runAgent } from "../agent/agent.js";
import { Uplink, type UplinkOptions } from "../agent/uplink.js";
import type { CaptureOptions } from "./capture-options.js";
import { readEngineOptions } from "./engine-options.js";
import { packageVersion } from "./package-version.js";
import { parseLabels } from "./parse-labels.js";
import type { PreparedCapture } from "./prepare-capture.js";
import { RowSelection } from "./row-selection.js";
import { say } from "./terminal-output.js";

/** Milliseconds that an agent tries to reach its collector when it has only files to send. */
const GIVE_UP_AFTER_MS = 10_000;
/** Milliseconds that the rest may take to be committed after the capture was ended. */
const LAST_DRAIN_MS = 15_000;

/** What a capture came to. */
export interface CaptureResult {
  readonly summary: AgentSummary;
  /** True when part of the input could not be read. */
  readonly hasFailed: boolean;
  /** Rows that were sent, by resource, where they are not all. */
  readonly passed: ReadonlyMap<string, number> | undefined;
}

/** A collector as an agent finds it. */
export type CollectorTarget = Pick<UplinkOptions, "url" | "tls">;

/** Captures as the options tell and sends the rows to a collector until input or `signal` ends. */
export async function captureToCollector(
  options: CaptureOptions,
  capture: PreparedCapture,
  collector: CollectorTarget,
  signal: AbortSignal,
): Promise<CaptureResult> {
  const { plugins, resources, filter, isEndless } = capture;
  const settings = readEngineOptions(options);
  const isLive = options.interface !== undefined;
  let hasFailed = false;
  const onProblem = (problem: Error) => {
    hasFailed = true;
    say(problem.message);
  };
  const uplink = new Uplink({
    ...collector,
    agentId: options.id ?? hostname(),
    labels: parseLabels(options.label),
    version: packageVersion(),
    maxWaitingBytes: settings.limits.uplink_bytes,
    giveUpAfterMs: isEndless ? undefined : GIVE_UP_AFTER_MS,
    onState: say,
  });
  const isSelecting = filter !== undefined || resources.size < plugins.length;
  const selection = isSelecting ? new RowSelection(uplink, plugins, resources, filter) : undefined;
  try {
    const summary = await runAgent({
      plugins,
      sources: capture.sources(onProblem),
      sink: selection ?? uplink,
      ...settings,
      memoryMiB: options.memory,
      session: randomInt(2 ** 30),
      signal,
      isLive,
      onProblem,
    });
    await uplink.drain(signal.aborted || isEndless ? AbortSignal.timeout(LAST_DRAIN_MS) : undefined);
    return { summary, hasFailed, passed: selection?.passed };
  } finally {
    await uplink.close();
    await capture.close();
  }
}
