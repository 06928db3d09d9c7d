/** Data definition of a table in one database. */
export interface TableDefinition {
  /** The statement that makes the table. */
  readonly create: string;
  /** By column, the statement that adds it to a table that was made without it. */
  readonly addColumn: Readonly<Record<string, string>>;
}
