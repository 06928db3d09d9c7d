import type { CollectedEvent } from "../../plugin/plugin.js";
import type { Column } from "../../schema/event-table.js";
import { fieldNames } from "../../schema/field-names.js";
import { describeNearest } from "../../schema/nearest-name.js";
import { quote } from "../../schema/quote.js";
import { WireloomError } from "../../wireloom-error.js";

/** The columns that `fields` names, in its order, each once; all of them without it. Throws `invalid_argument`. */
export function selectColumns({ table }: CollectedEvent, fields: string | undefined): readonly Column[] {
  const { columns } = table;
  if (fields === undefined) return columns;
  const selected = fields.split(",").map((part) => {
    const name = part.trim();
    const column = columns.find((candidate) => candidate.name === name);
    if (column !== undefined) return column;
    throw new WireloomError(
      "invalid_argument",
      `fields: ${table.resource} has no field ${quote(name)}; ${describeNearest(name, fieldNames(columns))}`,
    );
  });
  return [...new Set(selected)];
}
