import { randomInt } from "node:crypto";
import { hostname } from "node:os";
import { registry } from "../../generated/registry.js";
import { type AgentSummary, runAgent } from "../agent/agent.js";
import { Uplink, type UplinkOptions } from "../agent/uplink.js";
import { describeDecoderFault } from "../plugin/decoder-fault.js";
import { type CaptureOptions, openSources } from "./capture-options.js";
import { readEngineOptions } from "./engine-options.js";
import { packageVersion } from "./package-version.js";
import { parseLabels } from "./parse-labels.js";
import { pluginsFor, selectResources } from "./select-plugins.js";
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
}

/** A collector as an agent finds it. */
export type CollectorTarget = Pick<UplinkOptions, "url" | "tls">;

/** Captures as the options tell and sends the rows to a collector until input or `signal` ends. */
export async function captureToCollector(
  options: CaptureOptions,
  collector: CollectorTarget,
  signal: AbortSignal,
): Promise<CaptureResult> {
  const resources = selectResources(registry.plugins, options.protocol);
  const plugins = pluginsFor(registry.plugins, resources);
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
    giveUpAfterMs: isLive ? undefined : GIVE_UP_AFTER_MS,
    onState: say,
  });
  try {
    const summary = await runAgent({
      plugins,
      sources: openSources(options, plugins, signal, onProblem),
      sink: uplink,
      ...settings,
      memoryMiB: options.memory,
      session: randomInt(2 ** 30),
      signal,
      isLive,
      onProblem,
      onDecoderFault: (fault) => say(describeDecoderFault(fault)),
    });
    await uplink.drain(signal.aborted || isLive ? AbortSignal.timeout(LAST_DRAIN_MS) : undefined);
    return { summary, hasFailed };
  } finally {
    await uplink.close();
  }
}
