import type { Registry } from "../plugin/plugin.js";
import type { EventTable } from "../schema/event-table.js";
import { WireloomError } from "../wireloom-error.js";
import { type PrintedTable, printColumns, printFields } from "./printed-table.js";
import { parseRowFilter, type RowFilter } from "./row-filter.js";
import type { SortTerm } from "./row-sorter.js";
import { parseSort } from "./row-sorter.js";
import type { RowFormat } from "./row-writer.js";
import { selectResources } from "./select-plugins.js";
import { splitNames } from "./shared-options.js";

/** The options of `decode` that select rows and columns. */
export interface RowPlanOptions {
  readonly protocol?: readonly string[];
  readonly format: RowFormat;
  readonly filter: readonly string[];
  readonly fields?: readonly string[];
  readonly sort?: string;
}

/** Which rows and columns are printed. */
export interface RowPlan {
  /** By resource. */
  readonly tables: ReadonlyMap<string, PrintedTable>;
  readonly filter: RowFilter | undefined;
  readonly sort: readonly SortTerm[] | undefined;
}

/** Checks the options against the loaded plugins. Throws `usage` and `invalid_filter`. */
export async function planRows({ plugins }: Registry, options: RowPlanOptions): Promise<RowPlan> {
  const isAskedFor = options.protocol !== undefined;
  let resources = selectResources(plugins, options.protocol);
  let filter: RowFilter | undefined;
  if (options.filter.length > 0) {
    filter = await parseRowFilter(options.filter, resources, isAskedFor);
    resources = filter.resources;
  }
  const all = plugins.map(({ table }) => table);
  const tables = all.filter(({ resource }) => resources.has(resource));
  const printed = printedTables(tables, all, options, isAskedFor);
  const names = printed.map(({ table }) => table.resource);
  if (options.format === "csv" && names.length > 1) {
    throw new WireloomError(
      "usage",
      `csv is one table, and ${names.join(", ")} would be several; choose one with --protocol, or another form with --format`,
    );
  }
  const sort =
    options.sort === undefined
      ? undefined
      : parseSort(
          options.sort,
          printed.map(({ table }) => table),
        );
  return { tables: new Map(printed.map((table) => [table.table.resource, table])), filter, sort };
}

function printedTables(
  tables: readonly EventTable[],
  all: readonly EventTable[],
  { fields, format }: RowPlanOptions,
  isAskedFor: boolean,
): PrintedTable[] {
  const names = splitNames(fields ?? []);
  if (fields !== undefined && names.length === 0) throw new WireloomError("usage", "--fields does not name a field");
  if (names.length > 0) return printFields(tables, all, names, isAskedFor);
  return tables.map((table) => printColumns(table, (column) => format !== "table" || column.isListed));
}
