import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type DnsSchema, Rcode, RecordType } from "../../generated/dns/dns_pb.js";
import { ListDnsResponseSchema } from "../../generated/dns/dns_service_pb.js";

/** Event type of the rows here. */
export const DNS_EVENT = "wireloom.dns.v1.Dns";
/** Time of row 0, in nanoseconds; each later row is a millisecond after the one before. */
const START = 1_700_000_000_000_000_000n;
/** Rows of {@link dnsBatches} after which all values but id and time come again. */
export const PERIOD = 200_000;
/** Rows of each batch of {@link dnsBatches}. */
export const BATCH_ROWS = 4000;

/**
 * What row `n` holds: each value is a function of `n`, so that a reader can verify that it is the one that was sent.
 */
export function dnsRow(n: number): MessageInitShape<typeof DnsSchema> {
  return {
    observation: {
      id: idOf(n),
      time: timeOf(n),
      srcAddress: Uint8Array.of(10, n >>> 16, n >>> 8, n),
      dstAddress: Uint8Array.of(192, 0, 2, 53),
      srcPort: 1024 + (n % 60_000),
      dstPort: 53,
      transport: 17,
      interface: "eth0",
      frameNumber: BigInt(n) * 2n,
      samplingRate: 1,
    },
    queryName: `${"label.".repeat(n % 30)}n${n}.example`,
    queryType: n % 2 === 0 ? RecordType.A : RecordType.AAAA,
    rcode: n % 20 === 0 ? Rcode.NXDOMAIN : Rcode.NOERROR,
    latency: BigInt(n) * 1009n,
    answerNames: Array.from({ length: n % 4 }, (_, i) => `${"a".repeat(i * 10)}-${n}.example`),
  };
}

/** Identifier of a row. */
export function idOf(serial: number): Uint8Array {
  return Uint8Array.of(1, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 1, serial >>> 24, serial >>> 16, serial >>> 8, serial);
}

/** The same as REST writes it. */
export function idText(serial: number): string {
  return Buffer.from(idOf(serial))
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Time of a row in nanoseconds. */
export function timeOf(serial: number): bigint {
  return START + BigInt(serial) * 1_000_000n;
}

/** A row as REST writes it, as far as {@link dnsRow} sets it. */
interface JsonRow {
  readonly id: string;
  readonly time: string;
  readonly src_address: string;
  readonly src_port: number;
  readonly query_name: string;
  readonly query_type: string;
  readonly rcode: string;
  readonly latency: string;
  readonly answer_names: readonly string[];
}

/** What is wrong with a row of {@link dnsBatches} that was read; undefined if every value is the one that was sent. */
export function mistakeOf(json: unknown): string | undefined {
  const row = json as JsonRow;
  const serial = Number.parseInt(row.id.slice(-8), 16);
  const n = serial % PERIOD;
  const sent = dnsRow(n);
  const latency = BigInt(sent.latency as bigint);
  const expected: JsonRow = {
    id: idText(serial),
    time: timeText(serial),
    src_address: `10.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`,
    src_port: 1024 + (n % 60_000),
    query_name: sent.queryName!,
    query_type: n % 2 === 0 ? "A" : "AAAA",
    rcode: n % 20 === 0 ? "NXDOMAIN" : "NOERROR",
    latency: `${latency / 1_000_000_000n}.${String(latency % 1_000_000_000n).padStart(9, "0")}`,
    answer_names: sent.answerNames as string[],
  };
  for (const [name, value] of Object.entries(expected)) {
    const found = row[name as keyof JsonRow];
    const isEqual =
      name === "latency"
        ? Number(String(found).replace("s", "")) === Number(value)
        : JSON.stringify(found) === JSON.stringify(value);
    if (!isEqual) return `row ${serial}: ${name} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}`;
  }
  return undefined;
}

function timeText(n: number): string {
  const seconds = new Date(1_700_000_000_000 + n).toISOString();
  return seconds.replace(/(\.\d{3})Z$/, "$1000000Z");
}

/** Rows `first` to `first + count` in the wire form of a row group. */
export function dnsRows(first: number, count: number): Uint8Array {
  const rows = Array.from({ length: count }, (_, i) => dnsRow(first + i));
  return toBinary(ListDnsResponseSchema, create(ListDnsResponseSchema, { rows }));
}

/** A batch of {@link PERIOD}'s rows, and where the id of each row is. */
interface BatchTemplate {
  readonly rows: Uint8Array;
  readonly ids: readonly number[];
}

let templates: readonly BatchTemplate[] | undefined;

/** Makes what {@link dnsBatches} copies, which takes seconds the first time. */
export function prepareDnsBatches(): readonly BatchTemplate[] {
  templates ??= Array.from({ length: PERIOD / BATCH_ROWS }, (_, i) => {
    const rows = dnsRows(i * BATCH_ROWS, BATCH_ROWS);
    return { rows, ids: idOffsets(rows, i * BATCH_ROWS, BATCH_ROWS) };
  });
  return templates;
}

/**
 * Batches of rows without end, made as fast as they are sent: row after row has a new id and a later time, as in real capture, and the other
 * values are those of row `serial % PERIOD`. `firstSerial` is a multiple of {@link PERIOD}.
 */
export function* dnsBatches(firstSerial = 0): Generator<Uint8Array> {
  for (let serial = firstSerial; ; ) {
    for (const { rows, ids } of prepareDnsBatches()) {
      const batch = rows.slice();
      const view = new DataView(batch.buffer);
      for (const id of ids) {
        view.setUint32(id + 12, serial);
        // The time comes right after the id: its tag, and a fixed64.
        view.setBigUint64(id + 17, timeOf(serial), true);
        serial++;
      }
      yield batch;
    }
  }
}

/** Where the id of each row is. */
function idOffsets(rows: Uint8Array, first: number, count: number): number[] {
  const buffer = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength);
  let at = 0;
  return Array.from({ length: count }, (_, i) => {
    at = buffer.indexOf(idOf(first + i), at);
    return at;
  });
}
