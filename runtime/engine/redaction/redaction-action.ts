/** How a value is changed before its row is encoded; `wireloom.v1.Sensitivity` explains the actions. */
export const REDACTION_ACTIONS = ["keep", "drop", "hash", "prefix", "mask"] as const;

/** An action of {@link REDACTION_ACTIONS}. */
export type RedactionAction = (typeof REDACTION_ACTIONS)[number];

/** Redaction settings of a user. */
export interface RedactionOptions {
  /** Actions by `resource.field`, by `field` of every resource, or by `resource` for all of its sensitive fields. */
  readonly actions: ReadonlyMap<string, RedactionAction>;
  /** Secret key of keyed hashes, the same for all agents whose hashes are compared; default: a random one of the process. */
  readonly key?: Uint8Array;
}
