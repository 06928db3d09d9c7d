import type { ConversationTracker } from "../conversation/conversation-tracker.js";
import type { CaptureContext } from "../plugin/capture-context.js";
import type { DecoderFaults } from "../plugin/decoder-faults.js";
import type { DispatchTable } from "../plugin/dispatch-table.js";
import type { EventOutput } from "../plugin/event-output.js";
import type { Plugin } from "../plugin/plugin.js";
import type { Verdict } from "../plugin/verdict.js";

/** What streams need of the pipeline. */
export interface StreamHost {
  readonly plugins: readonly Plugin[];
  readonly outputs: readonly EventOutput[];
  readonly dispatch: DispatchTable;
  readonly context: CaptureContext;
  readonly tracker: ConversationTracker;
  readonly faults: DecoderFaults;
  /** Counts what a plugin says of a connection. */
  count(plugin: number, verdict: Verdict): void;
}
