import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { checkCommunityId } from "../../schema/community-id-text.js";
import type { PathTemplate } from "../../schema/event-table.js";
import { filterWithValues, type ParsedFilter } from "../../schema/filter.js";
import { formatRowJson } from "../../schema/format-row-json.js";
import { parseUuid } from "../../schema/hexadecimal.js";
import { quote } from "../../schema/quote.js";
import { WireloomError } from "../../wireloom-error.js";
import { findRow, listRows } from "../query/list-rows.js";
import { checkResponseType } from "./check-response-type.js";
import type { RestOptions } from "./create-rest-app.js";
import { contentType, EXPORT_TYPES } from "./export-format.js";
import { exportRows } from "./export-rows.js";
import type { ExportSlots } from "./export-slots.js";
import { findAgent } from "./find-agent.js";
import { jsonResponse } from "./json-response.js";
import { parseListParameters } from "./list-parameters.js";
import { requireJson, requireType } from "./negotiate-type.js";
import { readParameters } from "./read-parameters.js";
import { selectColumns } from "./select-columns.js";

/** What event routes need. */
export interface EventRouteOptions extends RestOptions {
  readonly exports: ExportSlots;
}

/** Adds an event's collection, its rows, and the collections that paths bind to one value. */
export function addEventRoutes(app: Hono, event: CollectedEvent, options: EventRouteOptions): void {
  const { table, query } = event;
  app.get(`/v1/${table.resource}`, (context) => list(context, event, [], options));
  app.get(`/v1/${table.resource}/:id`, async (context) => {
    const id = context.req.param("id");
    const uuid = parseUuid(id);
    requireJson(context);
    const columns = selectColumns(event, readParameters(new URL(context.req.url), ["fields"]).get("fields"));
    if (uuid === undefined) throw new WireloomError("invalid_argument", `id: ${quote(id)} is not a UUID`);
    const row = await findRow(options.store, event, columns, uuid, context.req.raw.signal);
    if (row === undefined) throw new WireloomError("not_found", `there is no ${table.resource} row ${uuid}`);
    return jsonResponse(formatRowJson(columns, row));
  });
  for (const template of query.pathTemplates) {
    app.get(template.template.replace(/\{(\w+)\}/, ":$1"), (context) =>
      list(context, event, [boundFilter(context, template)], options, agentOf(context, template)),
    );
  }
}

/** The agent that a path names; undefined for paths that name something else. */
function agentOf(context: Context, { placeholder, filter }: PathTemplate): string | undefined {
  return filter.column.name === "agent_id" ? context.req.param(placeholder) : undefined;
}

function boundFilter(context: Context, { placeholder, filter }: PathTemplate): ParsedFilter {
  const text = context.req.param(placeholder) ?? "";
  if (filter.column.name === "community_id") checkCommunityId(text, placeholder);
  return filterWithValues(filter, [text], placeholder);
}

async function list(
  context: Context,
  event: CollectedEvent,
  bound: readonly ParsedFilter[],
  { store, log, signal, exports }: EventRouteOptions,
  agentId?: string,
): Promise<Response> {
  const type = requireType(context, ["application/json", ...EXPORT_TYPES]);
  const request = parseListParameters(event, new URL(context.req.url).searchParams, bound);
  checkResponseType(request, type);
  if (type !== "application/json") {
    if (agentId !== undefined) await findAgent(store, agentId);
    // The response to HEAD has no body, so that no row needs to be read for it.
    if (context.req.method === "HEAD") return new Response(null, { headers: { "content-type": contentType(type) } });
    return exportRows(event, request, type, {
      store,
      slots: exports,
      request: context.req.raw.signal,
      closing: signal,
      breakOff: () => (context.env as Partial<HttpBindings>).outgoing?.destroy(),
      log,
    });
  }
  const page = await listRows(store, event, request, context.req.raw.signal);
  // An agent with rows exists.
  if (agentId !== undefined && page.rows.length === 0) await findAgent(store, agentId);
  const rows = page.rows.map((row) => formatRowJson(request.columns, row)).join(",");
  const count = page.count === undefined ? "" : `,"count":${page.count},"count_is_capped":${page.countIsCapped}`;
  return jsonResponse(`{"data":[${rows}],"next_page_token":${JSON.stringify(page.nextPageToken)}${count}}`);
}
