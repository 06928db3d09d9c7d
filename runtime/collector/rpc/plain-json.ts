import { Code, ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus, errorToJsonBytes } from "@connectrpc/connect/protocol-connect";
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { formatRowJson } from "../../schema/format-row-json.js";
import type { QueryStore } from "../../store/query-store.js";
import type { CollectorLog } from "../collector-log.js";
import { findRow, listRows } from "../query/list-rows.js";
import { jsonResponse } from "../rest/json-response.js";
import { connectError } from "./connect-error.js";
import { readGetRequest, readListRequest } from "./plain-request.js";
import { requestedId } from "./request-message.js";
import { requestedList } from "./requested-list.js";

/** Largest request. */
const MAX_BYTES = 64 << 10;

/** What the methods need. */
export interface PlainJsonOptions {
  readonly store: QueryStore;
  readonly log: CollectorLog;
}

/**
 * Whether a request is JSON that a person or a script wrote. Generated clients send the version of their protocol, and decode JSON by
 * the schema, where addresses, ids and times are bytes and numbers: their responses follow the schema.
 */
export function isPlainJson(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return (
    /^application\/json\s*(?:;|$)/i.test(String(headers["content-type"])) &&
    headers["connect-protocol-version"] === undefined &&
    headers["content-encoding"] === undefined
  );
}

/** Adds an event's `List…` and `Get…` methods for {@link isPlainJson}: rows are as REST writes them, errors as Connect does. */
export function addPlainJson(app: Hono, event: CollectedEvent, { store, log }: PlainJsonOptions): void {
  const { table } = event;

  async function list(context: Context): Promise<Response> {
    const asked = requestedList(event, readListRequest(event, await context.req.text()));
    const page = await listRows(store, event, asked, context.req.raw.signal);
    const rows = page.rows.map((row) => formatRowJson(table.columns, row)).join(",");
    const count = page.count === undefined ? "" : `,"count":${page.count},"countIsCapped":${page.countIsCapped}`;
    return jsonResponse(`{"rows":[${rows}],"nextPageToken":${JSON.stringify(page.nextPageToken)}${count}}`);
  }

  async function get(context: Context): Promise<Response> {
    const id = requestedId(readGetRequest(await context.req.text()).id);
    const row = await findRow(store, event, table.columns, id, context.req.raw.signal);
    if (row === undefined) throw new ConnectError(`there is no ${table.resource} row ${id}`, Code.NotFound);
    return jsonResponse(`{"row":${formatRowJson(table.columns, row)}}`);
  }

  const limit = bodyLimit({
    maxSize: MAX_BYTES,
    onError: () =>
      errorAnswer(new ConnectError(`the request is larger than ${MAX_BYTES} bytes`, Code.ResourceExhausted)),
  });
  for (const { kind, name } of event.service.methods.map((method) => ({
    kind: method.methodKind,
    name: method.name,
  }))) {
    const answer =
      kind !== "unary" ? undefined : name.startsWith("List") ? list : name.startsWith("Get") ? get : undefined;
    if (answer === undefined) continue;
    app.post(`/${event.service.typeName}/${name}`, limit, async (context) => {
      try {
        return await answer(context);
      } catch (error) {
        return errorAnswer(connectError(error, log));
      }
    });
  }
}

function errorAnswer(error: ConnectError): Response {
  const bytes = errorToJsonBytes(error, undefined);
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    status: codeToHttpStatus(error.code),
    headers: { "content-type": "application/json" },
  });
}
