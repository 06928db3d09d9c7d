import { WireloomError } from "../../wireloom-error.js";
import type { ExportType } from "./export-format.js";
import type { ListParameters } from "./list-parameters.js";

/** Throws `invalid_argument` where a list's parameters do not apply to the type of its response. */
export function checkResponseType(request: ListParameters, type: ExportType | "application/json"): void {
  if (request.isCsvSafe && type !== "text/csv")
    throw refused("csv_safe", `${type} has no cells; ask for text/csv with Accept`);
  if (type === "application/json") {
    if (request.limit === undefined) return;
    throw refused(
      "limit",
      `application/json is paged; use "page_size", or ask for application/x-ndjson or text/csv with Accept`,
    );
  }
  const whole = `${type} is not paged`;
  if (request.pageSize !== undefined) throw refused("page_size", `${whole}; use "limit" for the first rows`);
  if (request.pageToken !== undefined)
    throw refused("page_token", `${whole}; leave it out, and use "limit" for the first rows`);
  if (request.count !== "none") throw refused("count", `${type} has no count; ask for application/json with Accept`);
}

function refused(parameter: string, why: string): WireloomError {
  return new WireloomError("invalid_argument", `${parameter}: ${why}`);
}
