import type { Plugin } from "../../plugin/plugin.js";
import type { Verdict } from "../../plugin/verdict.js";
import type { CaptureContext } from "../capture-context.js";
import type { ConversationTracker } from "../conversation/conversation-tracker.js";
import type { DecoderFaults } from "../decoder-faults.js";
import type { DispatchTable } from "../dispatch-table.js";
import type { EventOutput } from "../rows/event-output.js";

/** The parts of the pipeline that streams use. */
export interface StreamHost {
  readonly plugins: readonly Plugin[];
  readonly outputs: readonly EventOutput[];
  readonly dispatch: DispatchTable;
  readonly context: CaptureContext;
  readonly tracker: ConversationTracker;
  readonly faults: DecoderFaults;
  /** Counts a plugin's verdict on a connection. */
  count(plugin: number, verdict: Verdict): void;
}
