import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { registry } from "../../generated/registry.js";
import { type AgentSummary, runAgent } from "../agent/agent.js";
import { MemoryQueue } from "../agent/memory-queue.js";
import type { RefusedCount } from "../agent/refused-rows.js";
import { Uplink } from "../agent/uplink.js";
import type { UplinkOptions } from "../agent/uplink-options.js";
import type { PacketSource } from "../capture/packet-source.js";
import { describeDecoderFault } from "../engine/decoder-fault.js";
import { agentIdProblem, nameProblem } from "../name-problem.js";
import { WireloomError } from "../wireloom-error.js";
import type { CaptureOptions } from "./capture-options.js";
import type { EngineSettings } from "./engine-options.js";
import { type InputSession, randomSession, sessionOfFiles } from "./input-session.js";
import { packageVersion } from "./package-version.js";
import { parseLabels } from "./parse-labels.js";
import type { PreparedCapture } from "./prepare-capture.js";
import { RowSelection } from "./row-selection.js";
import { say } from "./terminal-output.js";

/** Maximum time in milliseconds to commit the remaining rows after the capture has ended. */
const LAST_DRAIN_MS = 15_000;

/** Result of a capture. */
export interface CaptureResult {
  readonly summary: AgentSummary;
  /** Rows that could not be stored, by plugin and reason. */
  readonly refused: readonly RefusedCount[];
  /** True if part of the input could not be read. */
  readonly hasFailed: boolean;
  /** Number of rows that were sent, by resource, if they are not all. */
  readonly passed: ReadonlyMap<string, number> | undefined;
}

/** Milliseconds after a signal to end, after which an agent that still waits for its collector reports that. */
const QUIET_DRAIN_MS = 1000;

/** A collector as used by an agent. */
export interface CollectorTarget extends Pick<UplinkOptions, "transport" | "giveUpAfterMs"> {
  /** Aborted when the collector will not accept rows again. */
  readonly broken?: AbortSignal;
}

/** Checks the name and labels of an agent. Throws `usage`. */
export function checkIdentity(options: CaptureOptions): void {
  const problems = [
    ["--id", options.id ?? hostname(), agentIdProblem(options.id ?? hostname())] as const,
    ...options.label.map((label) => ["--label", label, label === "" ? "is empty" : nameProblem(label)] as const),
  ];
  for (const [option, text, problem] of problems) {
    if (problem !== undefined) throw new WireloomError("usage", `${option} ${JSON.stringify(text)} ${problem}`);
  }
}

/**
 * Captures as the options specify and sends the rows to a collector until input or `signal` ends. Calls `onOpen` when the first source is
 * open, or if none could be opened. Closes `capture`, also on failure.
 */
export async function captureToCollector(
  options: CaptureOptions,
  capture: PreparedCapture,
  collector: CollectorTarget,
  signal: AbortSignal,
  onOpen: () => void = () => undefined,
): Promise<CaptureResult> {
  try {
    return await sendCapture(options, capture, collector, signal, onOpen);
  } finally {
    await capture.close();
  }
}

async function sendCapture(
  options: CaptureOptions,
  capture: PreparedCapture,
  collector: CollectorTarget,
  signal: AbortSignal,
  onOpen: () => void,
): Promise<CaptureResult> {
  const { settings, plugins, resources, filter, isEndless } = capture;
  const isLive = options.interface !== undefined;
  const agentId = options.id ?? hostname();
  const input = await inputSession(options, agentId, capture, settings);
  let hasFailed = false;
  const onProblem = (problem: Error) => {
    hasFailed = true;
    say(problem.message);
  };
  const uplink = new Uplink({
    transport: collector.transport,
    queue: new MemoryQueue(settings.limits.uplink_bytes, input.sessionId),
    agentId,
    isRepeatable: input.isRepeatable,
    labels: parseLabels(options.label),
    version: packageVersion(),
    resources: new Map(plugins.map(({ table }) => [table.eventType, table.resource])),
    giveUpAfterMs: isEndless ? undefined : collector.giveUpAfterMs,
    deadline: AbortSignal.any([afterAbort(signal, LAST_DRAIN_MS), ...(collector.broken ? [collector.broken] : [])]),
    onState: say,
  });
  const stopReporting = reportWait(signal, uplink, collector.transport.collector);
  try {
    const isSelecting = filter !== undefined || resources.size < plugins.length;
    const selection = isSelecting ? new RowSelection(uplink, plugins, resources, filter) : undefined;
    const summary = await runAgent({
      plugins,
      layerPlugins: registry.plugins,
      sources: notifyFirst(capture.sources(onProblem), onOpen),
      sink: selection ?? uplink,
      ...settings,
      memoryMiB: options.memory,
      session: input.rowSession,
      signal,
      isLive,
      isRepeatable: input.isRepeatable,
      onProblem,
      onDecoderFault: (fault) => say(describeDecoderFault(fault)),
    });
    reportRest(summary, uplink);
    return { summary, refused: uplink.refused, hasFailed, passed: selection?.passed };
  } finally {
    stopReporting();
    await uplink.close();
  }
}

/** The session of the options' input: for files it is derived from them and from every option that affects rows. */
function inputSession(
  options: CaptureOptions,
  agentId: string,
  { plugins, resources, isEndless }: PreparedCapture,
  { limits, settings, verifiesChecksums, tagRule, redaction }: EngineSettings,
): Promise<InputSession> | InputSession {
  // A growing file is not the same when it is read again.
  if (options.read === undefined || isEndless) return randomSession();
  const { uplink_bytes: _, ...rowLimits } = limits;
  const rowOptions = Object.entries(options).filter(([name]) => !OPTIONS_WITHOUT_ROWS.has(name));
  const conditions = {
    agentId,
    version: packageVersion(),
    plugins: plugins.map(({ table }) => [table.resource, table.version]),
    resources: [...resources].sort(),
    limits: rowLimits,
    settings: [...settings].sort(),
    verifiesChecksums,
    tagRule,
    redactKey: createHash("sha256")
      .update(redaction.key ?? new Uint8Array(0))
      .digest("hex"),
    options: rowOptions.sort(),
  };
  return sessionOfFiles(conditions, options.read);
}

/** Options that do not affect rows, or that are among the conditions in another form. */
const OPTIONS_WITHOUT_ROWS: ReadonlySet<string> = new Set([
  "allowHost",
  "collector",
  "giveUp",
  "id",
  "insecure",
  "label",
  "limit",
  "listen",
  "memory",
  "protocol",
  "read",
  "ring",
  "set",
  "store",
  "tlsCa",
  "tlsCert",
  "tlsKey",
  "user",
]);

async function* notifyFirst(sources: AsyncIterable<PacketSource>, notify: () => void): AsyncGenerator<PacketSource> {
  let isFirst = true;
  for await (const source of sources) {
    if (isFirst) notify();
    isFirst = false;
    yield source;
  }
  if (isFirst) notify();
}

/** Reports which part of the input was stored by an earlier run, or remains for a later one. */
function reportRest({ isInterrupted }: AgentSummary, { batches, storedBefore }: Uplink): void {
  if (isInterrupted) say("interrupted; run the same command again to store the remaining rows without duplicates");
  else if (batches > 0n && storedBefore >= batches) say("every row of the input is already stored");
  else if (storedBefore > 0n) say(`${storedBefore} of ${batches} batches of the input were already stored`);
}

/** Reports, some time after `signal`, what the agent still waits for. The returned function cancels that. */
function reportWait(signal: AbortSignal, uplink: Uplink, collector: string): () => void {
  const report = (): void => {
    if (uplink.unacknowledged > 0)
      say(`stopping: ${collector} has up to ${LAST_DRAIN_MS / 1000} s for the last rows; a second signal ends at once`);
  };
  const ending = new AbortController();
  const soon = afterAbort(signal, QUIET_DRAIN_MS, ending.signal);
  soon.addEventListener("abort", report, { once: true, signal: ending.signal });
  return () => ending.abort();
}

/** A signal that aborts some time after another one has, unless `ended` aborts first. */
function afterAbort(signal: AbortSignal, milliseconds: number, ended?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const start = () => setTimeout(() => controller.abort(), milliseconds).unref();
  if (signal.aborted) start();
  else signal.addEventListener("abort", start, { once: true, ...(ended === undefined ? {} : { signal: ended }) });
  return controller.signal;
}
