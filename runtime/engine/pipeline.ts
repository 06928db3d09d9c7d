import { ChecksumStatus, verifyChecksums } from "../packet/checksums.js";
import { decodeLayers } from "../packet/decode-layers.js";
import { Defragmenter } from "../packet/defragmenter.js";
import { IpProtocol } from "../packet/ip-protocol.js";
import type { LayerTable } from "../packet/layer-table.js";
import { loadPacket } from "../packet/load-packet.js";
import { Packet } from "../packet/packet.js";
import type { CaptureInterface, PacketBlock } from "../packet/packet-block.js";
import { provideCryptography } from "../plugin/cryptography.js";
import type { Plugin } from "../plugin/plugin.js";
import { Verdict } from "../plugin/verdict.js";
import type { TakenRows } from "../protobuf/batch-writer.js";
import type { CaptureContext } from "./capture-context.js";
import { CaptureClock } from "./conversation/capture-clock.js";
import { MAX_AHEAD } from "./conversation/conversation-keys.js";
import { ConversationTracker } from "./conversation/conversation-tracker.js";
import { TagRule } from "./conversation/tag-rule.js";
import { DatagramRecognition } from "./datagram-recognition.js";
import { DecoderCalls } from "./decoder-calls.js";
import { DecoderFaults } from "./decoder-faults.js";
import { DispatchTable } from "./dispatch-table.js";
import { DuplicatePackets } from "./duplicate-packets.js";
import { conversationLimits, defaultLimits, fragmentLimits, streamLimits } from "./engine-limits.js";
import { KnownInterfaces } from "./known-interfaces.js";
import { PacketObservers } from "./packet-observers.js";
import type { EngineCounters, PluginCounters } from "./pipeline-counters.js";
import type { PipelineOptions } from "./pipeline-options.js";
import { PluginLayers } from "./plugin-layers.js";
import { EventOutput } from "./rows/event-output.js";
import { RowIdentity } from "./rows/row-identity.js";
import { StreamEngine } from "./stream/stream-engine.js";
import type { StreamHost } from "./stream/stream-host.js";
import type { StreamCounters } from "./stream/stream-limits.js";

// Constants of this module are inlined by the engine; those of an imported object are looked up at each use.
const TCP = IpProtocol.Tcp;
const UDP = IpProtocol.Udp;

/** Number of packets between two checks of the timeouts. */
const ADVANCE_INTERVAL = 256;

const NO_STREAMS: StreamCounters = {
  gaps: 0,
  missedBytes: 0,
  overfullConnections: 0,
  evictedByPlugin: 0,
  evictedByTotal: 0,
};

/** Takes packets through layers and plugins to encoded rows, on one thread and without allocation for each packet. */
export class Pipeline {
  readonly outputs: readonly EventOutput[];
  /** Plugin index of each pending row, in the order the rows were made; clear it together with the rows. */
  readonly order: number[] | undefined;
  packets = 0;
  /** Packets with an unknown link type. */
  unknownLinkType = 0;
  readonly #plugins: readonly Plugin[];
  readonly #context: CaptureContext;
  /** The packets of the current block. */
  readonly #ahead = Array.from({ length: MAX_AHEAD }, () => new Packet());
  /** Whether the link type of each of them is known. */
  readonly #isKnown = new Uint8Array(MAX_AHEAD);
  /** The packet that is being processed. */
  #packet = this.#ahead[0]!;
  readonly #dispatch: DispatchTable;
  readonly #layers: LayerTable;
  readonly #pluginLayers: PluginLayers;
  readonly #calls: DecoderCalls;
  readonly #observers: PacketObservers;
  readonly #faults: DecoderFaults;
  readonly #tracker: ConversationTracker;
  readonly #recognition: DatagramRecognition;
  /** Undefined if no plugin decodes streams. */
  readonly #streams: StreamEngine | undefined;
  readonly #defragmenter: Defragmenter;
  readonly #duplicates: DuplicatePackets;
  readonly #clock: CaptureClock;
  readonly #verifiesChecksums: boolean;
  #deepTunnels = 0;
  #badChecksums = 0;
  readonly #takenRows: Float64Array;
  readonly #interfaces = new KnownInterfaces();

  constructor(
    plugins: readonly Plugin[],
    {
      cryptography,
      session,
      layerPlugins = plugins,
      isOrdered = false,
      settings = new Map(),
      redaction = { actions: new Map() },
      limits = defaultLimits,
      verifiesChecksums = false,
      tagRule = TagRule.Join,
      isLive = false,
      onDecoderFault,
      sourceOf,
    }: PipelineOptions,
  ) {
    provideCryptography(cryptography);
    this.order = isOrdered ? [] : undefined;
    this.#plugins = plugins;
    this.#verifiesChecksums = verifiesChecksums;
    this.#dispatch = new DispatchTable(plugins);
    this.#tracker = new ConversationTracker(conversationLimits(limits, tagRule), this.#dispatch);
    this.#duplicates = new DuplicatePackets(limits.duplicate_window_us, tagRule);
    this.#clock = new CaptureClock(() => this.#rewind(), isLive ? () => performance.now() : undefined);
    const context: CaptureContext = {
      packet: this.#packet,
      maxConversations: limits.conversations,
      maxPendingBytes: limits.pending_bytes,
      tagRule,
      identity: new RowIdentity(session),
      order: this.order,
      settings,
      redaction,
      conversations: this.#tracker,
      applicationNames: plugins.map(({ table }) => table.resource),
      interfaceNames: this.#interfaces.names,
    };
    this.#context = context;
    this.outputs = plugins.map((plugin, index) => new EventOutput(plugin, index, context));
    this.#pluginLayers = new PluginLayers(plugins, layerPlugins);
    this.#faults = new DecoderFaults(
      this.#pluginLayers.resources,
      onDecoderFault,
      sourceOf,
      (plugin) => this.#callsOf(plugin),
      (plugin) => {
        if (plugin >= plugins.length) return;
        this.#calls.switchOff(plugin);
        this.#streams?.dropPlugin(plugin);
      },
    );
    this.#layers = this.#pluginLayers.table(this.#faults);
    this.#defragmenter = new Defragmenter(
      fragmentLimits(limits),
      (packet) => this.#decodeIncomplete(packet, context),
      this.#layers,
    );
    this.#calls = new DecoderCalls(plugins, this.outputs, this.#tracker, this.#faults);
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
    this.#tracker.onEnd((slot, end) => {
      this.#recognition.endConversation(slot);
      this.#streams?.endConversation(slot);
      this.#observers.endConversation(slot, end, this.#packet);
    });
  }

  /** Decodes the packets `[start, end)` of a block, whose remaining packets may follow in later calls; rows are collected in {@link outputs}. */
  process(block: PacketBlock, interfaces: readonly CaptureInterface[], start = 0, end = block.count): void {
    this.#interfaces.learn(interfaces);
    block.bytes = toPlainBytes(block.bytes);
    this.#duplicates.startBlock(block.bytes);
    for (let i = start; i < end; i += MAX_AHEAD) {
      const count = Math.min(MAX_AHEAD, end - i);
      this.#decodeLayers(block, i, count);
      for (let at = 0; at < count; at++) this.#process(this.#ahead[at]!, this.#isKnown[at] !== 0);
    }
  }

  /** Decodes the layers of `count` packets from `start` on, and prefetches their conversations. */
  #decodeLayers(block: PacketBlock, start: number, count: number): void {
    const ahead = this.#ahead;
    const { linkTypes } = this.#interfaces;
    const layers = this.#layers;
    for (let at = 0; at < count; at++) {
      const packet = ahead[at]!;
      loadPacket(packet, block, start + at);
      this.#isKnown[at] = decodeLayers(packet, linkTypes[packet.interfaceIndex]!, layers) ? 1 : 0;
    }
    const slots = this.#tracker.readAhead(ahead, count);
    if (slots !== undefined) this.#observers.readAhead(slots, count, ahead[0]!);
  }

  /** Processes a packet whose layers are decoded, with a known or unknown link type. */
  #process(packet: Packet, isLinkTypeKnown: boolean): void {
    const observers = this.#observers;
    const duplicates = this.#duplicates;
    this.#packet = packet;
    this.#context.packet = packet;
    packet.arrival = this.#clock.arrive(packet.time);
    packet.certainArrival = Math.min(packet.arrival, this.#clock.now);
    this.#defragmenter.advance(packet.certainArrival);
    packet.interfaceNameIndex = this.#interfaces.nameIndex(packet.interfaceIndex);
    if (isLinkTypeKnown) {
      packet.isDuplicate = duplicates.isCopy(packet, this.#tracker.directionHash(packet));
      if (packet.isDuplicate) this.#tracker.trackCopy(packet, duplicates.conversation);
      // The payload of a reassembled datagram may be a tunnel with fragments in it.
      else while (packet.isFragment && this.#defragmenter.add(packet));
      if (packet.isTunnelLimitReached) this.#deepTunnels++;
      if (!observers.isEmpty && !packet.isDuplicate) this.#tracker.track(packet);
      if (!this.#verifiesChecksums || this.#isSound(packet)) this.#decode(packet);
      if (!packet.isDuplicate) duplicates.conversation = packet.conversation;
    } else {
      this.unknownLinkType++;
      this.#interfaces.markUnknown(packet.interfaceIndex);
    }
    observers.observe(packet);
    if ((++this.packets & (ADVANCE_INTERVAL - 1)) === 0) this.advance();
  }

  /** Processes timeouts as of the last packet's time, or of `now` in an idle live capture. */
  advance(nowMilliseconds?: number): void {
    const { time } = this.#packet;
    if (nowMilliseconds !== undefined) {
      time.set(Math.floor(nowMilliseconds / 1000), (nowMilliseconds % 1000) * 1e6);
      this.#clock.arrive(time);
      this.#clock.settle();
    }
    this.#clock.tick();
    this.#expire(this.#clock.now);
  }

  /** The input ended: all pending state becomes rows. */
  finish(): void {
    this.#clock.settle();
    const { now } = this.#clock;
    this.#expire(now);
    this.#defragmenter.finish(now);
    this.#tracker.finish(now);
    for (const output of this.outputs) output.finish();
  }

  #expire(now: number): void {
    // First, because an incomplete datagram may answer a request that times out now.
    this.#defragmenter.advance(now);
    for (const output of this.outputs) output.advance(now);
    this.#streams?.advance(now);
    this.#tracker.advance(now);
  }

  /** Decodes an incomplete datagram of which the first fragment arrived. */
  #decodeIncomplete(packet: Packet, context: CaptureContext): void {
    const current = context.packet;
    context.packet = packet;
    this.#decode(packet);
    context.packet = current;
  }

  /** Corrects arrivals after a packet's time that was in doubt turned out to be wrong. */
  #rewind(): void {
    const { now } = this.#clock;
    for (const output of this.outputs) output.rewind(now);
    this.#streams?.rewind(now);
    this.#tracker.rewind(now);
    this.#defragmenter.rewind(now);
    this.#observers.rewind(now, this.#packet);
  }

  /** Begins a new source, whose interfaces are numbered from 0. */
  startSource(): void {
    this.#interfaces.reset();
  }

  /** The interfaces with an unknown link type, of those that packets came from. */
  unknownInterfaces(interfaces: readonly CaptureInterface[]): CaptureInterface[] {
    return this.#interfaces.unknownOf(interfaces);
  }

  /** Whether the packet's checksums are correct or cannot be verified; counts it if not. */
  #isSound(packet: Packet): boolean {
    if (verifyChecksums(packet) !== ChecksumStatus.Bad) return true;
    this.#badChecksums++;
    return false;
  }

  /** Counters of conversations, streams and fragments. */
  engineCounters(): EngineCounters {
    return {
      ...this.#defragmenter.counters,
      ...(this.#streams?.counters ?? NO_STREAMS),
      evictedConversations: this.#tracker.evicted,
      deepTunnels: this.#deepTunnels,
      badChecksums: this.#badChecksums,
      duplicatePackets: this.#duplicates.count,
    };
  }

  /**
   * Takes the oldest pending rows of one plugin, as many as fit into the limits; undefined if there are none or the first
   * one alone does not fit.
   */
  take(index: number, maxBytes = Number.POSITIVE_INFINITY, maxRows = Number.POSITIVE_INFINITY): TakenRows | undefined {
    const { writer } = this.outputs[index]!;
    if (writer.rowCount === 0) return undefined;
    const taken = writer.takeUpTo(maxBytes, maxRows);
    this.#takenRows[index]! += taken.count;
    return taken.count === 0 ? undefined : taken;
  }

  /** Number of pending rows of one plugin. */
  waitingRows(index: number): number {
    return this.outputs[index]!.writer.rowCount;
  }

  /** Discards and counts the oldest pending row of one plugin. */
  dropRow(index: number): void {
    this.#takenRows[index]!++;
    this.outputs[index]!.writer.dropRow();
  }

  /** Discards and counts the pending rows of one plugin. */
  drop(index: number): void {
    const { writer } = this.outputs[index]!;
    this.#takenRows[index]! += writer.rowCount;
    writer.reset();
  }

  /** Bytes of pending rows. */
  get waitingBytes(): number {
    let sum = 0;
    for (const { writer } of this.outputs) sum += writer.position - writer.start;
    return sum;
  }

  counters(): PluginCounters[] {
    return this.#plugins.map(({ table }, index) => {
      const output = this.outputs[index]!;
      const verdict = (value: Verdict) => this.#calls.countOf(index, value);
      return {
        resource: table.resource,
        rows: this.#takenRows[index]! + output.writer.rowCount,
        accepted: verdict(Verdict.Accepted),
        acceptedConnections: this.#calls.acceptedConnections[index]!,
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
    if (ipProtocol === UDP) {
      if (!packet.isFragment && packet.transportStart !== 0) this.#decodeUdp(packet);
      return;
    }
    if (ipProtocol === TCP) {
      const streams = this.#streams;
      if (streams === undefined || packet.isFragment || packet.transportStart === 0) return;
      if (packet.isDuplicate) {
        streams.noteCopy(packet.conversation);
        return;
      }
      this.#tracker.track(packet);
      streams.receive(packet);
      return;
    }
    if (packet.ipVersion !== 0) {
      const plugin = dispatch.ipProtocols[ipProtocol]!;
      if (plugin !== 0 && !packet.isFragment) this.#calls.decodeFrame(plugin - 1, packet);
      return;
    }
    const plugin = dispatch.ethertypes[packet.etherType]!;
    if (plugin !== 0) this.#calls.decodeFrame(plugin - 1, packet);
  }

  #decodeUdp(packet: Packet): void {
    const { udpPorts } = this.#dispatch;
    const bound = udpPorts[packet.dstPort]! || udpPorts[packet.srcPort]!;
    if (bound !== 0 && this.#calls.decodeDatagram(bound - 1, packet) !== Verdict.NotMine) return;
    const recognised = this.#recognition.find(packet, bound - 1);
    if (recognised !== -1) this.#calls.decodeDatagram(recognised, packet);
  }

  /** Number of successful calls of a plugin; of a stream decoder, of connections. */
  #callsOf(plugin: number): number {
    const inLayers = this.#pluginLayers.callsOf(plugin);
    if (plugin >= this.#plugins.length) return inLayers;
    const observed = this.#plugins[plugin]!.createPacketObserver === undefined ? 0 : this.packets;
    return inLayers + observed + this.#calls.countOfAll(plugin);
  }

  #streamHost(context: CaptureContext): StreamHost {
    return {
      plugins: this.#plugins,
      outputs: this.outputs,
      dispatch: this.#dispatch,
      context,
      tracker: this.#tracker,
      faults: this.#faults,
      count: (plugin, verdict) => this.#calls.countConnection(plugin, verdict),
    };
  }
}

/**
 * The same memory as a plain `Uint8Array`: its `slice` copies, while that of a `Buffer` shares the memory; fragments and waiting segments must
 * outlive the block.
 */
function toPlainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
