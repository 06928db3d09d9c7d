import type { CollectedEvent } from "../../plugin/plugin.js";
import { RequestClock } from "../../schema/request-clock.js";
import type { ListRequest } from "../query/list-rows.js";
import { nowOfPageToken } from "../query/page-token.js";
import { countMode, type ListRequestMessage, requestedFilters, requestedOrder } from "./request-message.js";

/** The query of a `List…` request, with every column. Throws `invalid_filter` and `invalid_argument`. */
export function requestedList(event: CollectedEvent, asked: ListRequestMessage): ListRequest {
  const clock = new RequestClock(nowOfPageToken(asked.pageToken));
  const filters = requestedFilters(event, asked.filters, clock);
  return {
    columns: event.table.columns,
    filters,
    now: clock.read,
    orderBy: requestedOrder(event, asked.orderBy),
    pageSize: asked.pageSize,
    pageToken: asked.pageToken,
    count: countMode(asked.count),
  };
}
