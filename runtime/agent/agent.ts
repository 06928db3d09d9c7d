import type { PacketSource } from "../capture/packet-source.js";
import type { TagRule } from "../engine/conversation/tag-rule.js";
import type { DecoderFaultListener } from "../engine/decoder-faults.js";
import type { EngineLimits } from "../engine/engine-limits.js";
import { Pipeline } from "../engine/pipeline.js";
import type { EngineCounters, PluginCounters } from "../engine/pipeline-counters.js";
import type { RedactionOptions } from "../engine/redaction/redaction-action.js";
import { IngestLimits } from "../ingest-limits.js";
import { nodeCryptography } from "../node/node-cryptography.js";
import { bundleSources } from "../node/source-maps.js";
import type { PacketBlock } from "../packet/packet-block.js";
import type { Plugin } from "../plugin/plugin.js";
import { agentCounters } from "./agent-counters.js";
import type { BatchSink } from "./batch-sink.js";
import { cutBatch } from "./cut-batch.js";
import { MemoryGuard } from "./memory-guard.js";

/** Packets between two checks of how many rows wait. The checks are at the same packets in every run, however the source reads. */
const LOOK_INTERVAL = 256;
/** Bytes of waiting rows at which a batch is cut: less than a batch holds, so that the rows of packets since the last check fit. */
const SENT_BYTES = (IngestLimits.batchBytes * 7) / 8;
/** Milliseconds after which a smaller batch is cut, where batches may differ between runs. */
const SEND_INTERVAL_MS = 250;
/** Packets after which a smaller batch is cut, where batches must be the same in every run. */
const SEND_INTERVAL_PACKETS = 1024 * LOOK_INTERVAL;

/** What an agent runs on. */
export interface AgentOptions {
  readonly plugins: readonly Plugin[];
  /** Plugins whose tunnels and link types are decoded; see `PipelineOptions`. */
  readonly layerPlugins?: readonly Plugin[];
  /** Opened one after the other; each is closed at its end. */
  readonly sources: AsyncIterable<PacketSource>;
  /** The agent does not close it. */
  readonly sink: BatchSink;
  readonly limits: EngineLimits;
  readonly verifiesChecksums: boolean;
  /** How VLANs and tunnels distinguish conversations of the same addresses. */
  readonly tagRule?: TagRule;
  /** Resident memory that the process stays below, in MiB. */
  readonly memoryMiB: number;
  /** Values of decoder options, by `resource.name`. */
  readonly settings: ReadonlyMap<string, string>;
  /** What is done with sensitive values. */
  readonly redaction?: RedactionOptions;
  /** 30 bits that distinguish this agent's row ids from those of others. */
  readonly session: number;
  /** Ends the capture. */
  readonly signal: AbortSignal;
  /** True for live sources, whose time advances without packets. */
  readonly isLive: boolean;
  /**
   * True where the sources hold the same packets in every run: batch N then has the same rows in every run. When `signal` ends such a
   * run, the rows that are not in a batch yet are left to the next run; in others they are sent.
   */
  readonly isRepeatable: boolean;
  /** Called with what is wrong with a source after its last good packet. */
  readonly onProblem: (problem: Error) => void;
  /** Called with failures of decoders, a few times for each plugin; the capture continues. */
  readonly onDecoderFault?: DecoderFaultListener;
}

/** What an agent did in a run. */
export interface AgentSummary {
  readonly packets: number;
  readonly dropped: number;
  readonly unknownLinkType: number;
  readonly plugins: readonly PluginCounters[];
  readonly engine: EngineCounters;
  /** The run was ended before the input was, and the rest is left to another run. */
  readonly isInterrupted: boolean;
}

/**
 * Decodes the packets of the sources with the plugins and passes batches of rows to the sink, by size and by time. It does not read
 * packets while it waits for the sink: the source's ring fills, and the source counts what it drops. Resolves when every batch is stored.
 */
export async function runAgent(options: AgentOptions): Promise<AgentSummary> {
  const { plugins, sources, sink, signal, isLive, isRepeatable } = options;
  const pipeline = new Pipeline(plugins, { ...options, cryptography: nodeCryptography, sourceOf: bundleSources });
  let dropped = 0;
  let current: PacketSource | undefined;
  const memory = new MemoryGuard(options.memoryMiB);
  let lastSent = performance.now();
  let lastPackets = 0;
  let lastCheck = lastSent;

  const send = async () => {
    lastSent = performance.now();
    lastPackets = pipeline.packets;
    for (;;) {
      const rowGroups = cutBatch(pipeline, plugins, (eventType) => sink.refuseRow(eventType));
      if (rowGroups.length === 0) return;
      await sink.send(rowGroups);
    }
  };
  const process = async (source: PacketSource, block: PacketBlock) => {
    for (let at = 0; at < block.count; ) {
      const end = Math.min(block.count, at + LOOK_INTERVAL - (pipeline.packets % LOOK_INTERVAL));
      pipeline.process(block, source.interfaces, at, end);
      at = end;
      if (pipeline.packets % LOOK_INTERVAL !== 0) continue;
      const isDue = isRepeatable && pipeline.packets - lastPackets >= SEND_INTERVAL_PACKETS;
      if (isDue || pipeline.waitingBytes >= SENT_BYTES) await send();
    }
  };

  sink.countersFrom(() => {
    current?.updateCounters?.();
    return agentCounters(pipeline, dropped + (current?.counters.dropped ?? 0));
  });
  for await (const source of sources) {
    current = source;
    try {
      pipeline.startSource();
      for (;;) {
        const block = await source.read(signal);
        if (block === null) break;
        if (block.count > 0) await process(source, block);
        else if (isLive) pipeline.advance(Date.now());
        const now = performance.now();
        if (now - lastCheck >= SEND_INTERVAL_MS) {
          lastCheck = now;
          memory.check(now);
        }
        if (!isRepeatable && now - lastSent >= SEND_INTERVAL_MS) await send();
      }
      if (source.problem !== undefined) options.onProblem(source.problem);
    } finally {
      await source.close();
      dropped += source.counters.dropped;
      current = undefined;
    }
    if (signal.aborted) break;
  }
  const isInterrupted = isRepeatable && signal.aborted;
  if (!isInterrupted) {
    pipeline.finish();
    await send();
  }
  await sink.drain();
  return {
    packets: pipeline.packets,
    dropped,
    unknownLinkType: pipeline.unknownLinkType,
    plugins: pipeline.counters(),
    engine: pipeline.engineCounters(),
    isInterrupted,
  };
}
