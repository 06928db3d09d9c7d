import type { UnderlyingSource } from "node:stream/web";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { rowSize } from "../../schema/row-size.js";
import type { Row } from "../../schema/value.js";
import type { QueryStore } from "../../store/query-store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { publicError } from "../public-error.js";
import { completeOrder } from "../query/orderings.js";
import { checkCost } from "../query/query-cost.js";
import { walkRows } from "../query/walk-rows.js";
import { contentType, type ExportFormat, type ExportType, formatOf } from "./export-format.js";
import type { ExportSlots } from "./export-slots.js";
import type { ListParameters } from "./list-parameters.js";

/** Rows that are formatted at once; more would delay the other work of the process. */
const FORMATTED_ROWS = 500;
/** Approximate maximum of bytes of rows that are formatted at once. */
const FORMATTED_BYTES = 1 << 20;
/** Milliseconds within which a piece of an export must be read from the store. */
const PIECE_DEADLINE_MS = 20_000;
/** Milliseconds after which an export ends when the client reads nothing. */
const STALL_MS = 30_000;
/** What an export needs. */
export interface ExportContext {
  readonly store: QueryStore;
  readonly slots: ExportSlots;
  /** Aborts when the client disconnects. */
  readonly request: AbortSignal;
  /** Aborts when the collector closes. */
  readonly closing: AbortSignal;
  /** Aborts the connection, so that a partial response is not mistaken for a complete one. */
  readonly breakOff: () => void;
  readonly log: CollectorLog;
}

/**
 * All rows of a request, or its first `limit`, as lines of JSON or CSV (RFC 4180, with a header), read from the store in pieces, no faster
 * than the client reads them. The export ends when the client disconnects, or reads nothing for {@link STALL_MS}; a failure after the first
 * rows aborts the connection. Throws `overloaded` where all {@link ExportSlots} are taken.
 */
export async function exportRows(
  event: CollectedEvent,
  request: ListParameters,
  type: ExportType,
  context: ExportContext,
): Promise<Response> {
  checkCost(request.filters);
  const orderBy = completeOrder(event.table, request.orderBy);
  const { columns, filters, limit } = request;
  const selection = { table: event.table, columns, filters, orderBy, ...(limit === undefined ? {} : { limit }) };
  const source = new Export(selection, formatOf(type, request.isCsvSafe), context);
  // Errors before the first rows still have a status of their own.
  await source.prepare();
  const body = new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": contentType(type) } });
}

/** The rows of an export as a stream's source: each pull formats some rows. */
class Export implements UnderlyingSource<Uint8Array> {
  readonly #context: ExportContext;
  readonly #stop = new AbortController();
  readonly #chunks: AsyncIterator<Uint8Array>;
  #first: IteratorResult<Uint8Array> | undefined;
  readonly #onAbort = (): void => this.#end();
  readonly #giveBack: () => void;
  #stalled: NodeJS.Timeout | undefined;
  #isOpen = true;

  /** Takes a slot until the export ends. */
  constructor(selection: Parameters<typeof walkRows>[1], format: ExportFormat, context: ExportContext) {
    this.#context = context;
    this.#giveBack = context.slots.take();
    this.#chunks = formattedRows(context.store, selection, format, this.#stop.signal);
    for (const signal of [context.request, context.closing]) signal.addEventListener("abort", this.#onAbort);
  }

  /** Reads the first rows. Throws the error that prevents it. */
  async prepare(): Promise<void> {
    try {
      this.#first = await this.#chunks.next();
      this.#stalled = setTimeout(() => this.#breakOff(), STALL_MS);
    } catch (error) {
      this.#end();
      throw this.#context.closing.aborted
        ? new WireloomError("unavailable", "the collector is closing", { cause: error })
        : error;
    }
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    clearTimeout(this.#stalled);
    try {
      const { done, value } = this.#first ?? (await this.#chunks.next());
      this.#first = undefined;
      if (done) {
        this.#end();
        controller.close();
        return;
      }
      controller.enqueue(value);
      this.#stalled = setTimeout(() => this.#breakOff(), STALL_MS);
    } catch (error) {
      if (this.#isOpen) {
        publicError(error, this.#context.log);
        this.#breakOff();
      }
      controller.close();
    }
  }

  cancel(): void {
    this.#end();
  }

  #breakOff(): void {
    this.#end();
    this.#context.breakOff();
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#giveBack();
    clearTimeout(this.#stalled);
    const { request, closing } = this.#context;
    for (const signal of [request, closing]) signal.removeEventListener("abort", this.#onAbort);
    this.#stop.abort();
  }
}

async function* formattedRows(
  store: QueryStore,
  selection: Parameters<typeof walkRows>[1],
  { formatHeader, formatRows }: ExportFormat,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { columns } = selection;
  let header = formatHeader(columns);
  const options = { kind: "export", signal, deadlineMs: PIECE_DEADLINE_MS } as const;
  for await (const rows of walkRows(store, selection, options)) {
    for (const some of slicesOf(rows)) {
      const formatted = formatRows(columns, some);
      yield header === "" ? formatted : Buffer.concat([Buffer.from(header), formatted]);
      header = "";
    }
  }
  if (header !== "") yield Buffer.from(header);
}

/** The rows in slices of {@link FORMATTED_ROWS}, or fewer large ones. */
function* slicesOf(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; ) {
    let end = start;
    for (let bytes = 0; end < rows.length && end - start < FORMATTED_ROWS && bytes < FORMATTED_BYTES; end++)
      bytes += rowSize(rows[end]!);
    yield rows.slice(start, end);
    start = end;
  }
}
