import { loadPacket } from "../capture/load-packet.js";
import type { CaptureInterface, PacketBatch } from "../capture/packet-source.js";
import { decodeLayers } from "../packet/decode-layers.js";
import { Packet } from "../packet/packet.js";
import { DispatchTable } from "../plugin/dispatch-table.js";
import { EventOutput } from "../plugin/event-output.js";
import type { EventRecord } from "../plugin/event-record.js";
import type { DatagramDecoder, FrameDecoder, PacketObserver } from "../plugin/hooks.js";
import type { Plugin } from "../plugin/plugin.js";
import { RowIdentity } from "../plugin/row-identity.js";
import { Verdict } from "../plugin/verdict.js";

const UDP = 17;
/** Packets between two looks at the timeouts. */
const ADVANCE_INTERVAL = 256;

/** What one plugin did with the packets it was given. */
export interface PluginCounters {
  readonly resource: string;
  readonly rows: number;
  readonly accepted: number;
  readonly notMine: number;
  readonly truncated: number;
  readonly malformed: number;
  /** Rows with a value cut at its bound. */
  readonly limitedRows: number;
  /** Requests that left a full pending table early. */
  readonly evictedRequests: number;
}

/** Options of a {@link Pipeline}. */
export interface PipelineOptions {
  /** 30 bits that tell this capture's row ids from another's; 0 for output that is the same in every run. */
  readonly session: number;
  /** Values of decoder options, by `resource.name`; an option that is not there has its default. */
  readonly settings?: ReadonlyMap<string, string>;
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
  readonly #observers: readonly PacketObserver[];
  /** Four counts a plugin, by {@link Verdict}. */
  readonly #verdicts: Float64Array;
  readonly #takenRows: Float64Array;
  #interfaceNames: Uint8Array[] = [];
  #linkTypes: number[] = [];
  readonly #unknownInterfaces = new Set<number>();

  constructor(plugins: readonly Plugin[], { session, isOrdered = false, settings = new Map() }: PipelineOptions) {
    this.order = isOrdered ? [] : undefined;
    this.#plugins = plugins;
    this.#dispatch = new DispatchTable(plugins);
    const self = this;
    const context = {
      packet: this.#packet,
      identity: new RowIdentity(session),
      order: this.order,
      settings,
      conversations: { state: <State>(_: Packet, __: number, create: () => State) => create() },
      applicationNames: plugins.map(({ table }) => table.resource),
      get interfaceNames() {
        return self.#interfaceNames;
      },
    };
    this.outputs = plugins.map((plugin, index) => new EventOutput(plugin, index, context));
    this.#datagramDecoders = plugins.map(({ decodeDatagram }) => decodeDatagram);
    this.#frameDecoders = plugins.map(({ decodeFrame }) => decodeFrame);
    this.#observers = plugins.flatMap(({ createPacketObserver }, index) =>
      createPacketObserver === undefined ? [] : [createPacketObserver(this.outputs[index]!)],
    );
    this.#verdicts = new Float64Array(plugins.length * 4);
    this.#takenRows = new Float64Array(plugins.length);
  }

  /** Decodes a batch; rows collect in {@link outputs}. */
  process(batch: PacketBatch, interfaces: readonly CaptureInterface[]): void {
    this.#learnInterfaces(interfaces);
    const packet = this.#packet;
    const { count } = batch;
    for (let i = 0; i < count; i++) {
      loadPacket(packet, batch, i);
      if (decodeLayers(packet, this.#linkTypes[packet.interfaceIndex]!)) this.#decode(packet);
      else {
        this.unknownLinkType++;
        this.#unknownInterfaces.add(packet.interfaceIndex);
      }
      const observers = this.#observers;
      for (let o = 0; o < observers.length; o++) observers[o]!.observe(packet);
      if ((++this.packets & (ADVANCE_INTERVAL - 1)) === 0) this.advance();
    }
  }

  /** Ends timeouts as of the last packet's time, or of `now` in an idle live capture. */
  advance(nowMilliseconds?: number): void {
    const { time } = this.#packet;
    if (nowMilliseconds !== undefined) time.set(Math.floor(nowMilliseconds / 1000), (nowMilliseconds % 1000) * 1e6);
    for (const output of this.outputs) output.advance(time);
    for (const observer of this.#observers) observer.advance(time);
  }

  /** The input ended: everything held becomes rows. */
  finish(): void {
    for (const output of this.outputs) output.finish();
    for (const observer of this.#observers) observer.finish();
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

  /** Takes the rows of one plugin that wait, or undefined when there are none. */
  take(index: number): { count: number; rows: Uint8Array } | undefined {
    const { writer } = this.outputs[index]!;
    const count = writer.rowCount;
    if (count === 0) return undefined;
    this.#takenRows[index]! += count;
    return { count, rows: writer.take() };
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
    for (const { writer } of this.outputs) sum += writer.position;
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
        evictedRequests: output.evictedRequests,
      };
    });
  }

  #decode(packet: Packet): void {
    const dispatch = this.#dispatch;
    if (packet.ipProtocol === UDP) {
      if (packet.isFragment || packet.transportStart === 0) return;
      const plugin = dispatch.udpPorts[packet.dstPort]! || dispatch.udpPorts[packet.srcPort]!;
      if (plugin !== 0) this.#decodeDatagram(plugin - 1, packet);
      else if (dispatch.probes.length > 0) this.#probe(packet);
      return;
    }
    if (packet.ipVersion !== 0) {
      const plugin = dispatch.ipProtocols[packet.ipProtocol]!;
      if (plugin !== 0 && packet.fragmentOffset === 0) this.#decodeFrame(plugin - 1, packet);
      return;
    }
    const plugin = dispatch.ethertypes[packet.etherType]!;
    if (plugin !== 0) this.#decodeFrame(plugin - 1, packet);
  }

  #decodeDatagram(index: number, packet: Packet): void {
    const output = this.outputs[index]!;
    this.#count(index, output, packet, this.#datagramDecoders[index]!(packet, output));
  }

  #decodeFrame(index: number, packet: Packet): void {
    const output = this.outputs[index]!;
    this.#count(index, output, packet, this.#frameDecoders[index]!(packet, output));
  }

  #count(index: number, output: EventOutput, packet: Packet, verdict: Verdict): void {
    this.#verdicts[index * 4 + verdict]!++;
    if (verdict === Verdict.Accepted) packet.application = index + 1;
    else output.discard();
  }

  #probe(packet: Packet): void {
    for (const index of this.#dispatch.probes) {
      if (this.#plugins[index]!.probe!(packet)) {
        this.#decodeDatagram(index, packet);
        return;
      }
    }
  }

  #learnInterfaces(interfaces: readonly CaptureInterface[]): void {
    for (let i = this.#interfaceNames.length; i < interfaces.length; i++) {
      const { name, linkType } = interfaces[i]!;
      this.#interfaceNames.push(new TextEncoder().encode(name));
      this.#linkTypes.push(linkType);
    }
  }
}
