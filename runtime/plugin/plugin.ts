import type { DescMessage, DescService } from "@bufbuild/protobuf";
import type { LinkTypeDecoder } from "../packet/link/link-type-decoder.js";
import type { Tunnel } from "../packet/tunnel/tunnel.js";
import type { BatchWriter } from "../protobuf/batch-writer.js";
import type { ColumnBatch } from "../record/columns.js";
import type { EventQuery, EventTable } from "../schema/event-table.js";
import type { DecoderOption } from "../schema/option-type.js";
import type { TableDefinition } from "../schema/table-definition.js";
import type { EventRecord } from "./event-record.js";
import type { DatagramDecoder, FrameDecoder, PacketObserverFactory, Probe, StreamDecoderFactory } from "./hooks.js";

/** Generated conversions of one event between its three forms: record, wire bytes, columns. */
export interface EventCodec<Record extends EventRecord> {
  createRecord(): Record;
  /** Appends the record as one item of `repeated Event rows = 1`. */
  encode(record: Record, writer: BatchWriter): void;
  /** As `encode`, with the encoded field `observation`, tag and length included, taken from `observation[start, end)`. */
  encodeObserved(record: Record, observation: Uint8Array, start: number, end: number, writer: BatchWriter): void;
  /** Fills a record at its zero values from one message, or from some of its fields, in `bytes[start, end)`. */
  decode(bytes: Uint8Array, start: number, end: number, record: Record): void;
  createColumns(): ColumnBatch;
  /**
   * Replaces the batch's rows by the next ones of `bytes[start, end)`, the wire form of `repeated Event rows = 1`, as many as
   * fit, and returns where the rest starts. Throws a {@link WireloomError} `malformed_row_group` on bytes that are not such rows.
   */
  read(bytes: Uint8Array, start: number, end: number, batch: ColumnBatch): number;
}

/** A plugin as the agent loads it. */
export interface Plugin<Record extends EventRecord = EventRecord> {
  readonly table: EventTable;
  readonly codec: EventCodec<Record>;
  readonly bindings: Bindings;
  readonly limits: Limits;
  readonly options: readonly DecoderOption[];
  /** What the bindings pass, in pcap-filter syntax; empty for a plugin that sees every packet. */
  readonly captureFilter: string;
  readonly decodeDatagram?: DatagramDecoder<Record>;
  readonly createStreamDecoder?: StreamDecoderFactory<Record>;
  readonly decodeFrame?: FrameDecoder<Record>;
  readonly probe?: Probe;
  readonly createPacketObserver?: PacketObserverFactory<Record>;
  /** Tunnels that it decodes, for all plugins. */
  readonly tunnels?: readonly Tunnel[];
  /** Link types of captures that it decodes, for all plugins. */
  readonly linkTypes?: readonly LinkTypeDecoder[];
}

/** A plugin whose hooks and codec agree on one record type, as a member of a registry of many. */
export function definePlugin<Record extends EventRecord>(plugin: Plugin<Record>): Plugin {
  // Only the plugin's own codec makes the records that its hooks get, so the record type need not be known outside.
  return plugin as unknown as Plugin;
}

/** The traffic that is a plugin's own. */
export interface Bindings {
  readonly udpPorts: readonly number[];
  readonly tcpPorts: readonly number[];
  readonly ethertypes: readonly number[];
  readonly ipProtocols: readonly number[];
  readonly everyPacket: boolean;
}

/** Bounds of what a plugin may hold between packets; 0 where it holds nothing. */
export interface Limits {
  readonly pendingMaxEntries: number;
  readonly pendingTtlMs: number;
}

/** A plugin as the collector loads it. */
export interface CollectedEvent {
  readonly table: EventTable;
  readonly codec: Pick<EventCodec<EventRecord>, "createColumns" | "read">;
  readonly query: EventQuery;
  /** The table in each database, by the scheme of a store's location. */
  readonly definitions: Readonly<Record<string, TableDefinition>>;
  readonly message: DescMessage;
  readonly service: DescService;
}

/** What the agent loads, made by codegen. */
export interface Registry {
  readonly plugins: readonly Plugin[];
}
