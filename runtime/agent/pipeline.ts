import { loadPacket } from "../capture/load-packet.js";
import type { CaptureInterface, PacketBatch } from "../capture/packet-source.js";
import { ConversationTracker } from "../conversation/conversation-tracker.js";
import { ChecksumStatus, verifyChecksums } from "../packet/checksums.js";
import { decodeLayers } from "../packet/decode-layers.js";
import { Defragmenter } from "../packet/defragmenter.js";
import { IpProtocol } from "../packet/ip-protocol.js";
import { NO_CONVERSATION, Packet } from "../packet/packet.js";
import type { CaptureContext } from "../plugin/capture-context.js";
import { type DecoderFaultListener, DecoderFaults } from "../plugin/decoder-faults.js";
import { DispatchTable } from "../plugin/dispatch-table.js";
import { EventOutput } from "../plugin/event-output.js";
import type { EventRecord } from "../plugin/event-record.js";
import type { DatagramDecoder, FrameDecoder } from "../plugin/hooks.js";
import type { Plugin } from "../plugin/plugin.js";
import { RowIdentity } from "../plugin/row-identity.js";
import { Verdict } from "../plugin/verdict.js";
import { StreamEngine } from "../stream/stream-engine.js";
import type { StreamHost } from "../stream/stream-host.js";
import type { StreamCounters } from "../stream/stream-limits.js";
import type { TakenRows } from "../wire/batch-writer.js";
import { DatagramRecognition } from "./datagram-recognition.js";
import { conversationLimits, defaultLimits, type EngineLimits, fragmentLimits, streamLimits } from "./engine-limits.js";
import { PacketObservers } from "./packet-observers.js";
import type { EngineCounters, PluginCounters } from "./pipeline-counters.js";

/** Packets between two looks at the timeouts. */
const ADVANCE_INTERVAL = 256;

/** In place of a verdict where a plugin is switched off. */
const SKIPPED = 4 as Verdict;

const NO_STREAMS: StreamCounters = { gaps: 0, overfullConnections: 0, evictedByPlugin: 0, evictedByTotal: 0 };

/** Options of a {@link Pipeline}. */
export interface PipelineOptions {
  /** 30 bits that tell this capture's row ids from another's; 0 for output that is the same in every run. */
  readonly session: number;
  /** Values of decoder options, by `resource.name`; an option that is not there has its default. */
  readonly settings?: ReadonlyMap<string, string>;
  /** Bounds of the engine's tables and buffers. */
  readonly limits?: EngineLimits;
  /**
   * True to leave packets with a wrong checksum to flows alone. Those of the sending host are wrong where its network card fills them in.
   */
  readonly verifiesChecksums?: boolean;
  /** Called with failures of plugins' hooks: the first one in each place, and the one that switches a plugin off. */
  readonly onDecoderFault?: DecoderFaultListener | undefined;
  /** True to keep {@link Pipeline.order}. */
  readonly isOrdered?: boolean;
}

/** Takes packets through layers and plugins to encoded rows, on one core and without allocation a packet. */
export class Pipeline {
  readonly outputs: readonly EventOutput[];
  /** Plugin index of each row that waits, in the order the rows were made; empty it with the rows. */
  readonly order: number[] | undefined;
  packets = 0;
  /** Packets of a link type that no layer knows. */
  unknownLinkType = 0;
  readonly #plugins: readonly Plugin[];
  readonly #packet = new Packet();
  readonly #dispatch: DispatchTable;
  readonly #datagramDecoders: (DatagramDecoder<EventRecord> | undefined)[];
  readonly #frameDecoders: (FrameDecoder<EventRecord> | undefined)[];
  readonly #observers: PacketObservers;
  readonly #faults: DecoderFaults;
  readonly #tracker: ConversationTracker;
  readonly #recognition: DatagramRecognition;
  /** Undefined where no plugin decodes streams. */
  readonly #streams: StreamEngine | undefined;
  readonly #defragmenter: Defragmenter;
  readonly #verifiesChecksums: boolean;
  #deepTunnels = 0;
  #badChecksums = 0;
  /** Four counts a plugin, by {@link Verdict}. */
  readonly #verdicts: Float64Array;
  readonly #takenRows: Float64Array;
  #interfaceNames: Uint8Array[] = [];
  #linkTypes: number[] = [];
  readonly #unknownInterfaces = new Set<number>();

  constructor(
    plugins: readonly Plugin[],
    {
      session,
      isOrdered = false,
      settings = new Map(),
      limits = defaultLimits,
      verifiesChecksums = false,
      onDecoderFault,
    }: PipelineOptions,
  ) {
    this.order = isOrdered ? [] : undefined;
    this.#plugins = plugins;
    this.#verifiesChecksums = verifiesChecksums;
    this.#dispatch = new DispatchTable(plugins);
    this.#tracker = new ConversationTracker(conversationLimits(limits));
    this.#defragmenter = new Defragmenter(fragmentLimits(limits));
    const self = this;
    const context: CaptureContext = {
      packet: this.#packet,
      maxConversations: limits.conversations,
      maxPendingBytes: limits.pending_bytes,
      identity: new RowIdentity(session),
      order: this.order,
      settings,
      conversations: this.#tracker,
      applicationNames: plugins.map(({ table }) => table.resource),
      get interfaceNames() {
        return self.#interfaceNames;
      },
    };
    this.outputs = plugins.map((plugin, index) => new EventOutput(plugin, index, context));
    this.#datagramDecoders = plugins.map(({ decodeDatagram }) => decodeDatagram);
    this.#frameDecoders = plugins.map(({ decodeFrame }) => decodeFrame);
    this.#verdicts = new Float64Array(plugins.length * 4);
    this.#faults = new DecoderFaults(
      context.applicationNames,
      onDecoderFault,
      (plugin) => this.#callsOf(plugin),
      (plugin) => this.#switchOff(plugin),
    );
    this.#observers = new PacketObservers(plugins, this.outputs, this.#faults);
    this.#takenRows = new Float64Array(plugins.length);
    this.#streams = plugins.some(({ createStreamDecoder }) => createStreamDecoder !== undefined)
      ? new StreamEngine(this.#streamHost(context), limits.conversations, streamLimits(limits))
      : undefined;
    this.#recognition = new DatagramRecognition(
      plugins,
      this.#dispatch,
      this.#tracker,
      limits.conversations,
      this.#faults,
    );
    this.#tracker.onEnd((slot, end, last) => {
      this.#recognition.endConversation(slot);
      this.#streams?.endConversation(slot, last);
      this.#observers.endConversation(slot, end, this.#packet);
    });
  }

  /** Decodes the packets `[start, end)` of a batch; rows collect in {@link outputs}. */
  process(batch: PacketBatch, interfaces: readonly CaptureInterface[], start = 0, end = batch.count): void {
    this.#learnInterfaces(interfaces);
    const packet = this.#packet;
    const observers = this.#observers;
    for (let i = start; i < end; i++) {
      loadPacket(packet, batch, i);
      if (decodeLayers(packet, this.#linkTypes[packet.interfaceIndex]!)) {
        // What a datagram carries may be a tunnel with fragments in it.
        while (packet.isFragment && this.#defragmenter.add(packet));
        if (packet.isTunnelLimitReached) this.#deepTunnels++;
        if (!observers.isEmpty) this.#tracker.track(packet);
        if (!this.#verifiesChecksums || this.#isSound(packet)) this.#decode(packet);
      } else {
        this.unknownLinkType++;
        this.#unknownInterfaces.add(packet.interfaceIndex);
      }
      observers.observe(packet);
      if ((++this.packets & (ADVANCE_INTERVAL - 1)) === 0) this.advance();
    }
  }

  /** Ends timeouts as of the last packet's time, or of `now` in an idle live capture. */
  advance(nowMilliseconds?: number): void {
    const { time } = this.#packet;
    if (nowMilliseconds !== undefined) time.set(Math.floor(nowMilliseconds / 1000), (nowMilliseconds % 1000) * 1e6);
    for (const output of this.outputs) output.advance(time);
    this.#streams?.advance(time);
    this.#tracker.advance(time);
    this.#defragmenter.advance(time);
  }

  /** The input ended: everything held becomes rows. */
  finish(): void {
    this.#tracker.finish();
    this.#defragmenter.finish();
    for (const output of this.outputs) output.finish();
  }

  /** A source of its own begins: interfaces are numbered anew. */
  startSource(): void {
    this.#interfaceNames = [];
    this.#linkTypes = [];
    this.#unknownInterfaces.clear();
  }

  /** The interfaces whose link type no layer knows, of those that packets came from. */
  unknownInterfaces(interfaces: readonly CaptureInterface[]): CaptureInterface[] {
    return interfaces.filter((_, index) => this.#unknownInterfaces.has(index));
  }

  /** False, and counted, for a packet with a checksum that is wrong; one that cannot be judged is sound. */
  #isSound(packet: Packet): boolean {
    if (verifyChecksums(packet) !== ChecksumStatus.Bad) return true;
    this.#badChecksums++;
    return false;
  }

  /** What the engine counted of conversations, streams and fragments. */
  engineCounters(): EngineCounters {
    return {
      ...this.#defragmenter.counters,
      ...(this.#streams?.counters ?? NO_STREAMS),
      evictedConversations: this.#tracker.evicted,
      deepTunnels: this.#deepTunnels,
      badChecksums: this.#badChecksums,
    };
  }

  /**
   * Takes rows of one plugin that wait, the oldest first, as many as fit into the bounds; undefined when there are none or the first
   * one alone does not fit.
   */
  take(index: number, maxBytes = Number.POSITIVE_INFINITY, maxRows = Number.POSITIVE_INFINITY): TakenRows | undefined {
    const { writer } = this.outputs[index]!;
    if (writer.rowCount === 0) return undefined;
    const taken = writer.takeUpTo(maxBytes, maxRows);
    this.#takenRows[index]! += taken.count;
    return taken.count === 0 ? undefined : taken;
  }

  /** Rows of one plugin that wait. */
  waitingRows(index: number): number {
    return this.outputs[index]!.writer.rowCount;
  }

  /** Forgets the oldest row of one plugin that waits, but counts it. */
  dropRow(index: number): void {
    this.#takenRows[index]!++;
    this.outputs[index]!.writer.dropRow();
  }

  /** Forgets the rows of one plugin that wait, but counts them. */
  drop(index: number): void {
    const { writer } = this.outputs[index]!;
    this.#takenRows[index]! += writer.rowCount;
    writer.reset();
  }

  /** Bytes of rows that wait. */
  get waitingBytes(): number {
    let sum = 0;
    for (const { writer } of this.outputs) sum += writer.position - writer.start;
    return sum;
  }

  counters(): PluginCounters[] {
    return this.#plugins.map(({ table }, index) => {
      const output = this.outputs[index]!;
      const verdict = (value: Verdict) => this.#verdicts[index * 4 + value]!;
      return {
        resource: table.resource,
        rows: this.#takenRows[index]! + output.writer.rowCount,
        accepted: verdict(Verdict.Accepted),
        notMine: verdict(Verdict.NotMine),
        truncated: verdict(Verdict.Truncated),
        malformed: verdict(Verdict.Malformed),
        limitedRows: output.limitedRows,
        decoderErrors: this.#faults.counts[index]!,
        skippedPackets: output.skippedPackets,
        outOfRangeRows: output.outOfRangeRows,
        evictedRequests: output.evictedRequests,
      };
    });
  }

  #decode(packet: Packet): void {
    const dispatch = this.#dispatch;
    const { ipProtocol } = packet;
    if (ipProtocol === IpProtocol.Udp) {
      if (!packet.isFragment && packet.transportStart !== 0) this.#decodeUdp(packet);
      return;
    }
    if (ipProtocol === IpProtocol.Tcp) {
      if (this.#streams !== undefined && !packet.isFragment && packet.transportStart !== 0) {
        this.#tracker.track(packet);
        this.#streams.receive(packet);
      }
      return;
    }
    if (packet.ipVersion !== 0) {
      const plugin = dispatch.ipProtocols[ipProtocol]!;
      if (plugin !== 0 && !packet.isFragment) this.#decodeFrame(plugin - 1, packet);
      return;
    }
    const plugin = dispatch.ethertypes[packet.etherType]!;
    if (plugin !== 0) this.#decodeFrame(plugin - 1, packet);
  }

  #decodeUdp(packet: Packet): void {
    const { udpPorts } = this.#dispatch;
    const bound = udpPorts[packet.dstPort]! || udpPorts[packet.srcPort]!;
    if (bound !== 0 && this.#decodeDatagram(bound - 1, packet) !== Verdict.NotMine) return;
    const recognised = this.#recognition.find(packet, bound - 1);
    if (recognised !== -1) this.#decodeDatagram(recognised, packet);
  }

  #decodeDatagram(index: number, packet: Packet): Verdict {
    const output = this.outputs[index]!;
    let verdict: Verdict;
    try {
      verdict = this.#datagramDecoders[index]!(packet, output);
    } catch (error) {
      return this.#fail(index, packet, "decodeDatagram", error);
    }
    this.#judge(index, output, packet, verdict, "decodeDatagram");
    return verdict;
  }

  #decodeFrame(index: number, packet: Packet): void {
    const output = this.outputs[index]!;
    let verdict: Verdict;
    try {
      verdict = this.#frameDecoders[index]!(packet, output);
    } catch (error) {
      this.#fail(index, packet, "decodeFrame", error);
      return;
    }
    this.#judge(index, output, packet, verdict, "decodeFrame");
  }

  #judge(index: number, output: EventOutput, packet: Packet, verdict: Verdict, hook: string): void {
    if (verdict === Verdict.Accepted) {
      this.#verdicts[index * 4]!++;
      packet.application = index + 1;
      if (packet.conversation !== NO_CONVERSATION) this.#tracker.applications[packet.conversation] = index + 1;
      return;
    }
    output.discard();
    // A decoder in plain JavaScript returns anything, a bigint too.
    if (typeof verdict === "number" && (verdict & 3) === verdict) this.#verdicts[index * 4 + verdict]!++;
    else if (this.#faults.isOff[index] === 0) {
      this.#faults.returned(index, hook, verdict, "a Verdict", packet.frameNumber);
    }
  }

  /** Counts what a hook threw, and forgets what it did with the packet's conversation. The packet is not another plugin's. */
  #fail(index: number, packet: Packet, hook: string, error: unknown): Verdict {
    this.outputs[index]!.discard();
    this.#tracker.dropState(packet, index);
    this.#faults.thrown(index, hook, error, packet.frameNumber);
    return Verdict.Malformed;
  }

  /** How many times a plugin was called and did not fail; of a stream's decoder, connections. */
  #callsOf(plugin: number): number {
    let sum = this.#plugins[plugin]!.createPacketObserver === undefined ? 0 : this.packets;
    for (let verdict = 0; verdict < 4; verdict++) sum += this.#verdicts[plugin * 4 + verdict]!;
    return sum;
  }

  /** From here on the plugin's packets are counted only. */
  #switchOff(plugin: number): void {
    const output = this.outputs[plugin]!;
    const skip = () => {
      output.skippedPackets++;
      return SKIPPED;
    };
    this.#datagramDecoders[plugin] = skip;
    this.#frameDecoders[plugin] = skip;
    this.#streams?.dropPlugin(plugin);
  }

  #streamHost(context: CaptureContext): StreamHost {
    return {
      plugins: this.#plugins,
      outputs: this.outputs,
      dispatch: this.#dispatch,
      context,
      tracker: this.#tracker,
      faults: this.#faults,
      count: (plugin, verdict) => {
        this.#verdicts[plugin * 4 + verdict]!++;
      },
    };
  }

  #learnInterfaces(interfaces: readonly CaptureInterface[]): void {
    for (let i = this.#interfaceNames.length; i < interfaces.length; i++) {
      const { name, linkType } = interfaces[i]!;
      this.#interfaceNames.push(new TextEncoder().encode(name));
      this.#linkTypes.push(linkType);
    }
  }
}
