import type { Pipeline } from "../engine/pipeline.js";
import type { Plugin } from "../plugin/plugin.js";
import { type PrintedTable, printedValues } from "./printed-table.js";
import type { RowFilter } from "./row-filter.js";
import type { RowOutput } from "./row-output.js";
import { RowReader } from "./row-reader.js";
import type { RowSorter } from "./row-sorter.js";
import type { RowWriter } from "./row-writer.js";

/** What a {@link RowPrinter} prints, and in which form. */
export interface RowPrinterOptions {
  readonly plugins: readonly Plugin[];
  readonly pipeline: Pipeline;
  /** By resource; rows of other plugins are not printed. */
  readonly tables: ReadonlyMap<string, PrintedTable>;
  readonly filter: RowFilter | undefined;
  readonly sorter: RowSorter | undefined;
  /** Maximum number of rows to print. */
  readonly count: number;
  /** Undefined if rows are only counted. */
  readonly writer: RowWriter | undefined;
  readonly output: RowOutput;
}

interface PrintedPlugin {
  readonly table: PrintedTable;
  readonly reader: RowReader;
  /** Indexes of the filter's columns. */
  readonly filtered: readonly number[];
}

/**
 * Prints the rows of a pipeline's plugins in the order in which they were made, or in that of a sorter. A pipeline that does not keep the order
 * can be used only if all rows are counted and none is printed.
 */
export class RowPrinter {
  readonly #options: RowPrinterOptions;
  /** By plugin index. */
  readonly #plugins: readonly (PrintedPlugin | undefined)[];
  readonly #counts = new Map<string, number>();
  #printed = 0;

  constructor(options: RowPrinterOptions) {
    this.#options = options;
    this.#plugins = options.plugins.map((plugin) => {
      const table = options.tables.get(plugin.table.resource);
      if (table === undefined) return undefined;
      const filtered = options.filter?.columnIndexes(plugin.table.resource) ?? [];
      return { table, reader: new RowReader(plugin), filtered };
    });
  }

  /** Whether no further row will be printed. */
  get isDone(): boolean {
    return this.#options.output.isClosed || this.#printed >= this.#options.count;
  }

  /** Number of rows that were printed, or that passed the filter and were counted, by resource; undefined if all rows were. */
  get counts(): ReadonlyMap<string, number> | undefined {
    return this.#options.pipeline.order === undefined ? undefined : this.#counts;
  }

  /** Takes the pending rows of the pipeline. */
  async print(): Promise<void> {
    const { pipeline } = this.#options;
    if (pipeline.order !== undefined) await this.#printInOrder(pipeline.order);
    for (const index of this.#plugins.keys()) pipeline.drop(index);
  }

  async #printInOrder(order: number[]): Promise<void> {
    const { pipeline, output } = this.#options;
    for (const [index, plugin] of this.#plugins.entries()) {
      const { bytes, position } = pipeline.outputs[index]!.writer;
      plugin?.reader.open(bytes, position);
    }
    for (const index of order) {
      const plugin = this.#plugins[index];
      if (plugin === undefined) continue;
      if (this.isDone) break;
      this.#take(plugin);
      if (output.isFull) await output.flush();
    }
    order.length = 0;
  }

  /** Writes the rows printed so far, because the input pauses. */
  async pause(): Promise<void> {
    this.#options.writer?.pause();
    await this.#options.output.flush();
  }

  /** Prints sorted and all pending rows. */
  async finish(): Promise<void> {
    const { sorter, writer, output } = this.#options;
    // Sorted rows are counted again, as they are printed.
    if (sorter !== undefined) this.#counts.clear();
    for (const { table, values } of sorter?.take() ?? []) {
      if (output.isClosed) break;
      this.#count(table.table.resource);
      writer?.write(table, values);
      if (output.isFull) await output.flush();
    }
    await this.pause();
  }

  #take({ table, reader, filtered }: PrintedPlugin): void {
    const { filter, sorter, writer } = this.#options;
    const { resource } = table.table;
    reader.next();
    if (filter !== undefined && !filter.matches(resource, reader.sparseRow(filtered))) return;
    this.#count(resource);
    if (sorter !== undefined) {
      sorter.add(table, printedValues(table, reader), reader);
      return;
    }
    this.#printed++;
    writer?.write(table, printedValues(table, reader));
  }

  #count(resource: string): void {
    this.#counts.set(resource, (this.#counts.get(resource) ?? 0) + 1);
  }
}
