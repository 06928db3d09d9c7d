import type { PacketSource } from "../../capture/packet-source.js";
import type { TagRule } from "../../engine/conversation/tag-rule.js";
import { type DecoderFault, describeDecoderFault } from "../../engine/decoder-fault.js";
import type { DecoderFaultListener } from "../../engine/decoder-faults.js";
import { defaultLimits, type EngineLimits } from "../../engine/engine-limits.js";
import { Pipeline } from "../../engine/pipeline.js";
import type { EngineCounters, PluginCounters } from "../../engine/pipeline-counters.js";
import type { RedactionOptions } from "../../engine/redaction/redaction-action.js";
import { nodeCryptography } from "../../node/node-cryptography.js";
import { LinkType } from "../../packet/link-type.js";
import { type CaptureInterface, PacketBlock } from "../../packet/packet-block.js";
import { Timestamp } from "../../record/timestamp.js";
import { formatRowJson } from "../../schema/format-row-json.js";
import { rowFromColumns } from "../../schema/row-from-columns.js";
import type { Plugin } from "../plugin.js";
import { ipFrame, type PacketEnds } from "./ip-frame.js";
import { parseRow, type RowObject } from "./row-object.js";
import { type DatagramEnds, udpFrame } from "./udp-frame.js";

/** Optional properties of a frame besides its bytes. */
export interface FrameOptions {
  /** Seconds since the first packet's time, 2026-01-01T00:00:00Z; default: the time of the previous packet. */
  readonly atSeconds?: number;
  /** Captured bytes of the frame; default: all. */
  readonly capturedBytes?: number;
}

/** Throws the error of a decoder, or reports an invalid return value. */
export function throwFault(fault: DecoderFault): never {
  throw fault.error ?? new Error(describeDecoderFault(fault));
}

/** Options of a bench that differ from the defaults. */
export interface BenchConfiguration {
  readonly limits?: Partial<EngineLimits>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly verifiesChecksums?: boolean;
  readonly tagRule?: TagRule;
  readonly redaction?: RedactionOptions;
  /** Link type of the frames; default: Ethernet. */
  readonly linkType?: number;
  /** Plugins whose tunnels and link types are decoded; default: those of the bench. */
  readonly layerPlugins?: readonly Plugin[];
  /** Called with failures of decoders; by default the bench throws them. */
  readonly onDecoderFault?: DecoderFaultListener;
}

/** A test may feed the same frame many times at one time, and mean it. */
const BENCH_LIMITS: EngineLimits = { ...defaultLimits, duplicate_window_us: 0 };
const FIRST_SECOND = Date.UTC(2026, 0, 1) / 1000;
const interfacesOf = (linkType: number): readonly CaptureInterface[] => [{ name: "test0", linkType }];

/**
 * Runs packets through plugins as the agent does, from layers to encoded rows, and returns the rows as objects:
 *
 * ```ts
 * const bench = new DecoderBench(plugin);
 * bench.udp(query, { srcPort: 40000, dstPort: 53 });
 * bench.udp(response, { srcPort: 53, dstPort: 40000, srcAddress: "192.0.2.53", dstAddress: "192.0.2.1", atSeconds: 0.02 });
 * expect(bench.finish()).toMatchObject([{ state: "COMPLETE", latency: "0.020s" }]);
 * ```
 */
export class DecoderBench {
  #plugins: readonly Plugin[];
  #pipeline: Pipeline;
  #interfaces = interfacesOf(LinkType.Ethernet);
  readonly #block = new PacketBlock();
  readonly #time = new Timestamp();
  #frames = 0;

  constructor(...plugins: readonly Plugin[]) {
    this.#plugins = plugins;
    this.#pipeline = new Pipeline(plugins, {
      cryptography: nodeCryptography,
      session: 0,
      limits: BENCH_LIMITS,
      onDecoderFault: throwFault,
    });
    this.#time.set(FIRST_SECOND, 0);
  }

  /**
   * A bench with other engine limits, or other decoder options by `resource.name`, than the defaults. The defaults are those of the
   * agent, except that a repeated packet is not treated as a copy unless `duplicate_window_us` is set.
   */
  static configured(
    {
      limits = {},
      settings = {},
      verifiesChecksums = false,
      tagRule,
      redaction,
      linkType = LinkType.Ethernet,
      layerPlugins,
      onDecoderFault = throwFault,
    }: BenchConfiguration,
    ...plugins: readonly Plugin[]
  ): DecoderBench {
    const bench = new DecoderBench();
    bench.#plugins = plugins;
    bench.#interfaces = interfacesOf(linkType);
    bench.#pipeline = new Pipeline(plugins, {
      cryptography: nodeCryptography,
      session: 0,
      limits: { ...BENCH_LIMITS, ...limits },
      settings: new Map(Object.entries(settings)),
      verifiesChecksums,
      ...(tagRule === undefined ? {} : { tagRule }),
      ...(redaction === undefined ? {} : { redaction }),
      ...(layerPlugins === undefined ? {} : { layerPlugins }),
      onDecoderFault,
    });
    return bench;
  }

  /** Feeds one UDP datagram over Ethernet. */
  udp(payload: Uint8Array, options: DatagramEnds & FrameOptions): void {
    this.frame(udpFrame(payload, options), options);
  }

  /** Feeds one IP packet over Ethernet. */
  ip(payload: Uint8Array, options: PacketEnds & FrameOptions): void {
    this.frame(ipFrame(payload, options), options);
  }

  /** Feeds one UDP datagram with padding after it in the frame, which the decoder must not read. */
  udpFollowedBy(payload: Uint8Array, padding: Uint8Array, options: DatagramEnds & FrameOptions): void {
    this.frame(Buffer.concat([udpFrame(payload, options), padding]), options);
  }

  /** Feeds one frame. */
  frame(bytes: Uint8Array, { atSeconds, capturedBytes = bytes.length }: FrameOptions = {}): void {
    const block = this.#block;
    if (atSeconds !== undefined) {
      const nanoseconds = Math.round(atSeconds * 1e9);
      this.#time.set(FIRST_SECOND + Math.floor(nanoseconds / 1e9), nanoseconds % 1e9);
    }
    // Exactly the captured bytes, so that a read beyond them fails.
    block.bytes = bytes.slice(0, capturedBytes);
    block.count = 1;
    block.offsets[0] = 0;
    block.capturedLengths[0] = capturedBytes;
    block.originalLengths[0] = bytes.length;
    block.timesHigh[0] = this.#time.high;
    block.timesLow[0] = this.#time.low;
    block.interfaceIndexes[0] = 0;
    block.frameNumbers[0] = ++this.#frames;
    this.#pipeline.process(block, this.#interfaces);
  }

  /** Feeds every packet of a source, up to its end. */
  async source(source: PacketSource): Promise<void> {
    const { signal } = new AbortController();
    this.#pipeline.startSource();
    for (;;) {
      const block = await source.read(signal);
      if (block === null) break;
      this.#pipeline.process(block, source.interfaces);
    }
    if (source.problem !== undefined) throw source.problem;
  }

  /** Advances time without packets. */
  advance(atSeconds: number): void {
    this.#pipeline.advance((FIRST_SECOND + atSeconds) * 1000);
  }

  /** The rows made since the last call by one plugin (the first one if `resource` is absent), in the order they were made. */
  rows(resource = this.#plugins[0]!.table.resource): RowObject[] {
    const index = this.#indexOf(resource);
    const { table, codec } = this.#plugins[index]!;
    const taken = this.#pipeline.take(index);
    if (taken === undefined) return [];
    const columns = codec.createColumns();
    const rows: RowObject[] = [];
    for (let at = 0; at < taken.rows.length; ) {
      at = codec.read(taken.rows, at, taken.rows.length, columns);
      for (let i = 0; i < columns.rowCount; i++)
        rows.push(parseRow(formatRowJson(table.columns, rowFromColumns(table, columns, i)), table.columns));
    }
    return rows;
  }

  /** Ends the input, so that every held request becomes a row. */
  endInput(): void {
    this.#pipeline.finish();
  }

  /** Ends the input and returns {@link rows}. */
  finish(resource?: string): RowObject[] {
    this.endInput();
    return this.rows(resource);
  }

  /** Counters of one plugin, the first one if `resource` is absent. */
  counters(resource = this.#plugins[0]!.table.resource): PluginCounters {
    return this.#pipeline.counters()[this.#indexOf(resource)]!;
  }

  /** Counters of the engine. */
  engineCounters(): EngineCounters {
    return this.#pipeline.engineCounters();
  }

  #indexOf(resource: string): number {
    const index = this.#plugins.findIndex(({ table }) => table.resource === resource);
    if (index === -1) throw new Error(`no plugin of this bench makes ${resource} rows`);
    return index;
  }
}
