import type { CollectedEvent } from "../plugin/plugin.js";
import type { TableDefinition } from "../schema/table-definition.js";
import { WireloomError } from "../wireloom-error.js";

/** A table with its definitions. */
export type DefinedTable = Pick<CollectedEvent, "table" | "definitions">;

/** The table's definition in a database. Throws a {@link WireloomError} `store_failed` where the plugin was generated without one. */
export function definitionOf({ table, definitions }: DefinedTable, scheme: string): TableDefinition {
  const definition = definitions[scheme];
  if (definition !== undefined) return definition;
  throw new WireloomError(
    "store_failed",
    `the plugin ${table.resource} has no table for ${scheme}; generate it with this version of wireloom`,
  );
}
