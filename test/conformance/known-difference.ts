import type { Condition } from "./conditions.js";

/** A disagreement with tshark that was looked into and stays. */
export interface KnownDifference {
  /** Resource and a few words, separated by a slash; unique. */
  readonly id: string;
  /** As {@link Difference.field}. */
  readonly fields: readonly string[];
  /** Only for single values that a person reviewed: the captures that have them. */
  readonly captures?: readonly string[];
  /** Why each side has its value. */
  readonly reason: string;
  /** Narrows the entry to what the reason explains, by facts of the frame, the row or the conversation. */
  readonly explains: Condition;
}

/** What `known-differences.ts` in a plugin's folder `conformance` exports. */
export interface PluginDifferences {
  /** The plugin's own, whose identifiers begin with its resource. */
  readonly knownDifferences: readonly KnownDifference[];
  /** Fields of tshark that only their conditions read. */
  readonly evidenceFields?: readonly string[];
}
