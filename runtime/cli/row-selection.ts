import type { BatchSink, RowGroupInput } from "../agent/batch-sink.js";
import type { Plugin } from "../plugin/plugin.js";
import { fieldEnd } from "../protobuf/length-delimited.js";
import type { RowFilter } from "./row-filter.js";
import { RowReader } from "./row-reader.js";

/** Passes on the rows of the selected protocols that meet a filter, and counts them. */
export class RowSelection implements BatchSink {
  readonly #sink: BatchSink;
  readonly #resources: ReadonlySet<string>;
  readonly #filter: RowFilter | undefined;
  /** By event type. */
  readonly #readers: ReadonlyMap<string, { readonly resource: string; readonly reader: RowReader }>;
  readonly #passed = new Map<string, number>();
  readonly #omitted = new Map<string, number>();

  constructor(
    sink: BatchSink,
    plugins: readonly Plugin[],
    resources: ReadonlySet<string>,
    filter: RowFilter | undefined,
  ) {
    this.#sink = sink;
    this.#resources = resources;
    this.#filter = filter;
    const selected = plugins.filter(({ table }) => resources.has(table.resource));
    this.#readers = new Map(
      selected.map((plugin) => [
        plugin.table.eventType,
        { resource: plugin.table.resource, reader: new RowReader(plugin) },
      ]),
    );
  }

  /** Number of rows passed on, by resource. */
  get passed(): ReadonlyMap<string, number> {
    return this.#passed;
  }

  countersFrom(read: () => ReadonlyMap<string, number>): void {
    this.#sink.countersFrom(this.#filter === undefined ? read : () => this.#withFiltered(read()));
  }

  async send(rowGroups: readonly RowGroupInput[]): Promise<void> {
    const selected = rowGroups.map((rowGroup) => this.#select(rowGroup)).filter(({ count }) => count > 0);
    if (selected.length > 0) await this.#sink.send(selected);
  }

  refuseRow(eventType: string): void {
    this.#sink.refuseRow(eventType);
  }

  drain(): Promise<void> {
    return this.#sink.drain();
  }

  close(): Promise<void> {
    return this.#sink.close();
  }

  #select(rowGroup: RowGroupInput): RowGroupInput {
    const known = this.#readers.get(rowGroup.eventType);
    if (known === undefined) return { ...rowGroup, count: 0 };
    const { resource, reader } = known;
    const selected = this.#filter === undefined ? rowGroup : selectRows(rowGroup, reader, resource, this.#filter);
    this.#passed.set(resource, (this.#passed.get(resource) ?? 0) + selected.count);
    this.#omitted.set(resource, (this.#omitted.get(resource) ?? 0) + rowGroup.count - selected.count);
    return selected;
  }

  #withFiltered(counters: ReadonlyMap<string, number>): Map<string, number> {
    const all = new Map(counters);
    for (const resource of this.#resources) all.set(`${resource}.filtered_rows`, this.#omitted.get(resource) ?? 0);
    return all;
  }
}

function selectRows(rowGroup: RowGroupInput, reader: RowReader, resource: string, filter: RowFilter): RowGroupInput {
  const { eventType, rows, count } = rowGroup;
  const filteredColumns = filter.columnIndexes(resource);
  const selected = new Uint8Array(rows.length);
  let selectedBytes = 0;
  let selectedCount = 0;
  let start = 0;
  reader.open(rows, rows.length);
  for (let i = 0; i < count; i++) {
    reader.next();
    const end = fieldEnd(rows, start);
    if (filter.matches(resource, reader.sparseRow(filteredColumns))) {
      selected.set(rows.subarray(start, end), selectedBytes);
      selectedBytes += end - start;
      selectedCount++;
    }
    start = end;
  }
  return { eventType, count: selectedCount, rows: selected.slice(0, selectedBytes) };
}
