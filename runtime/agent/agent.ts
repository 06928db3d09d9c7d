import type { PacketSource } from "../capture/packet-source.js";
import type { DecoderFaultListener } from "../plugin/decoder-faults.js";
import type { Plugin } from "../plugin/plugin.js";
import type { EngineLimits } from "./engine-limits.js";
import { MemoryGuard } from "./memory-guard.js";
import { Pipeline } from "./pipeline.js";
import type { EngineCounters, PluginCounters } from "./pipeline-counters.js";
import type { SegmentInput } from "./uplink.js";

/** Bytes of rows that make a batch. */
const BATCH_BYTES = 1024 * 1024;
/** Milliseconds after which fewer bytes make a batch too. */
const BATCH_INTERVAL_MS = 250;

/** Where an agent's batches go. */
export interface BatchSink {
  send(segments: readonly SegmentInput[], counters: ReadonlyMap<string, number>): Promise<void>;
}

/** What an agent runs on. */
export interface AgentOptions {
  readonly plugins: readonly Plugin[];
  /** Opened one after the other; each is closed at its end. */
  readonly sources: AsyncIterable<PacketSource>;
  readonly sink: BatchSink;
  readonly limits: EngineLimits;
  readonly verifiesChecksums: boolean;
  /** Resident memory that the process stays below, in MiB. */
  readonly memoryMiB: number;
  /** Values of decoder options, by `resource.name`. */
  readonly settings: ReadonlyMap<string, string>;
  /** 30 bits that tell this agent process's row ids from another's. */
  readonly session: number;
  /** Ends the capture; what is held is still sent. */
  readonly signal: AbortSignal;
  /** True where time moves on without packets. */
  readonly isLive: boolean;
  /** Told of what is wrong with a source after its last good packet. */
  readonly onProblem: (problem: Error) => void;
  /** Told of failures of decoders, a few times for each plugin; the capture goes on. */
  readonly onDecoderFault?: DecoderFaultListener;
}

/** What an agent did, for its last words. */
export interface AgentSummary {
  readonly packets: number;
  readonly dropped: number;
  readonly unknownLinkType: number;
  readonly plugins: readonly PluginCounters[];
  readonly engine: EngineCounters;
}

/**
 * Takes packets from sources through the plugins and hands batches of rows to the sink, by size and by time. It reads no packet
 * while the sink makes it wait: the source's ring fills, and what is lost then is counted there.
 */
export async function runAgent(options: AgentOptions): Promise<AgentSummary> {
  const { plugins, sources, sink, signal, isLive } = options;
  const pipeline = new Pipeline(plugins, options);
  let dropped = 0;
  const memory = new MemoryGuard(options.memoryMiB);
  let lastSent = performance.now();

  const send = async (source: PacketSource | undefined) => {
    lastSent = performance.now();
    memory.check(lastSent);
    const segments: SegmentInput[] = [];
    for (const [index, { table }] of plugins.entries()) {
      const taken = pipeline.take(index);
      if (taken !== undefined) segments.push({ eventType: table.eventType, ...taken });
    }
    const lost = dropped + (source?.counters.dropped ?? 0);
    if (segments.length > 0) await sink.send(segments, countersOf(pipeline, lost));
  };

  for await (const source of sources) {
    try {
      pipeline.startSource();
      for (;;) {
        const batch = await source.read(signal);
        if (batch === null) break;
        if (batch.count > 0) pipeline.process(batch, source.interfaces);
        else if (isLive) pipeline.advance(Date.now());
        if (pipeline.waitingBytes >= BATCH_BYTES || performance.now() - lastSent >= BATCH_INTERVAL_MS)
          await send(source);
      }
      if (source.problem !== undefined) options.onProblem(source.problem);
    } finally {
      dropped += source.counters.dropped;
      await source.close();
    }
    if (signal.aborted) break;
  }
  pipeline.finish();
  await send(undefined);
  return {
    packets: pipeline.packets,
    dropped,
    unknownLinkType: pipeline.unknownLinkType,
    plugins: pipeline.counters(),
    engine: pipeline.engineCounters(),
  };
}

/** The counts that travel with a batch. */
function countersOf(pipeline: Pipeline, dropped: number): Map<string, number> {
  const counters = new Map([
    ["capture.packets", pipeline.packets],
    ["capture.dropped", dropped],
    ["decode.unknown_link_type", pipeline.unknownLinkType],
  ]);
  for (const [name, value] of Object.entries(pipeline.engineCounters()))
    counters.set(`engine.${snakeCase(name)}`, value);
  for (const plugin of pipeline.counters()) {
    counters.set(`${plugin.resource}.rows`, plugin.rows);
    counters.set(`${plugin.resource}.accepted`, plugin.accepted);
    counters.set(`${plugin.resource}.not_mine`, plugin.notMine);
    counters.set(`${plugin.resource}.truncated`, plugin.truncated);
    counters.set(`${plugin.resource}.malformed`, plugin.malformed);
    counters.set(`${plugin.resource}.limited_rows`, plugin.limitedRows);
    counters.set(`${plugin.resource}.out_of_range_rows`, plugin.outOfRangeRows);
    counters.set(`${plugin.resource}.decoder_errors`, plugin.decoderErrors);
    counters.set(`${plugin.resource}.skipped_packets`, plugin.skippedPackets);
    counters.set(`${plugin.resource}.evicted_requests`, plugin.evictedRequests);
  }
  return counters;
}

/** `evictedByTotal` as `evicted_by_total`. */
function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
