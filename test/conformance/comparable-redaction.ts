import { registry } from "../../generated/registry.js";
import type { RedactionAction, RedactionOptions } from "../../runtime/engine/redaction/redaction-action.js";

/** Actions whose results differ from tshark's values, or from run to run. */
const INCOMPARABLE: ReadonlySet<unknown> = new Set(["SENSITIVITY_HASH", "SENSITIVITY_PREFIX", "SENSITIVITY_DROP"]);

/** The redaction of rows that are compared: credentials are masked, and all other values are kept. */
export const comparableRedaction: RedactionOptions = {
  actions: new Map<string, RedactionAction>(
    registry.plugins.flatMap(({ table: { resource, columns } }) =>
      columns
        .filter(({ annotation }) => INCOMPARABLE.has(annotation.sensitive))
        .map(({ name }) => [`${resource}.${name}`, "keep"]),
    ),
  ),
};
