/** Data definition of a table in one database: what makes it, and what each later version adds. */
export interface TableDefinition {
  readonly create: string;
  /** Statements that add the columns of version `n + 2`, for a table made by an earlier version. */
  readonly migrations: readonly (readonly string[])[];
}
