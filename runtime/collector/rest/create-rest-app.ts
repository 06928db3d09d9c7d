import { Hono } from "hono";
import { getPath } from "hono/utils/url";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { AgentDirectory } from "../../store/agent-directory.js";
import type { IngestStore } from "../../store/ingest-store.js";
import type { QueryStore } from "../../store/query-store.js";
import type { CollectorLog } from "../collector-log.js";
import { publicError } from "../public-error.js";
import { addPlainJson } from "../rpc/plain-json.js";
import { formatAgentJson } from "./agent-json.js";
import { parseAgentParameters } from "./agent-parameters.js";
import { checkQuery } from "./check-query.js";
import { compressResponse } from "./compress-response.js";
import { errorResponse } from "./error-response.js";
import { addEventRoutes } from "./event-routes.js";
import { ExportSlots } from "./export-slots.js";
import { findAgent } from "./find-agent.js";
import { jsonResponse } from "./json-response.js";
import { requireJson } from "./negotiate-type.js";
import { openApiDocument } from "./openapi.js";
import { readParameters } from "./read-parameters.js";
import { normalizePath, unknownPath } from "./rest-path.js";

/** What the REST API needs. */
export interface RestOptions {
  readonly store: Pick<IngestStore, "health"> & QueryStore & AgentDirectory;
  readonly events: readonly CollectedEvent[];
  readonly version: string;
  readonly log: CollectorLog;
  /** Ends exports when the collector closes. */
  readonly signal: AbortSignal;
}

const METHODS = "GET, HEAD, OPTIONS";

/** The REST API as a Hono application. */
export function createRestApp(options: RestOptions): Hono {
  const { store, events, log } = options;
  const resources = [...events.map(({ table }) => table.resource), "agents"];
  const templates = events.flatMap(({ query }) => query.pathTemplates);
  // `/v1/conversations/{community_id}/flow` has the collection's name in its second segment.
  const names = new Set([...resources, ...templates.map(({ template }) => template.split("/")[2]!)]);
  const app = new Hono({ getPath: (request) => normalizePath(getPath(request), names) });
  let openApi: string | undefined;
  const index = indexJson(options);
  app.use(async (context, next) => {
    const { method, path } = context.req;
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow: METHODS } });
    if (method !== "GET" && method !== "HEAD" && isRestPath(path)) {
      const message = `${path} takes ${METHODS}, not ${method}`;
      return jsonResponse(JSON.stringify({ error: { code: "method_not_allowed", message } }), 405, { allow: METHODS });
    }
    if (isRestPath(path)) checkQuery(context.req.url);
    await next();
    context.header("x-content-type-options", "nosniff");
    if (path.startsWith("/v1/")) {
      context.header("cache-control", "no-store");
      context.header("vary", "Accept");
    } else if (path !== "/openapi.json") {
      return undefined;
    }
    // The response to HEAD has no body, which would wait for a reader.
    if (method === "HEAD") {
      await context.res.body?.cancel();
      return undefined;
    }
    const response = await compressResponse(context.res, context.req.header("accept-encoding"));
    // Without it the headers of the previous response would be set again.
    context.res = undefined;
    context.res = response;
    return undefined;
  });
  // Health checks add parameters against caches; `/` and `/healthz` accept any.
  app.get("/", () => jsonResponse(index));
  app.get("/v1", (context) => {
    readParameters(new URL(context.req.url), []);
    return jsonResponse(index);
  });
  app.get("/healthz", async () => {
    const health = await store.health();
    if (health.isWorking) return jsonResponse('{"status":"ok"}');
    return jsonResponse(JSON.stringify({ status: "failing", message: publicError(health.error, log).message }), 503);
  });
  app.get("/openapi.json", (context) => {
    readParameters(new URL(context.req.url), []);
    // Megabytes that few clients request.
    openApi ??= JSON.stringify(openApiDocument(events, options.version));
    return jsonResponse(openApi);
  });
  app.get("/v1/agents", async (context) => {
    requireJson(context);
    const isWanted = parseAgentParameters(new URL(context.req.url));
    const agents = (await store.listAgents()).filter(isWanted);
    return jsonResponse(`{"data":[${agents.map(formatAgentJson).join(",")}]}`);
  });
  app.get("/v1/agents/:agent_id", async (context) => {
    requireJson(context);
    readParameters(new URL(context.req.url), []);
    return jsonResponse(formatAgentJson(await findAgent(store, context.req.param("agent_id"))));
  });
  const exports = new ExportSlots();
  for (const event of events) {
    addEventRoutes(app, event, { ...options, exports });
    addPlainJson(app, event, options);
  }
  app.notFound((context) => errorResponse(unknownPath(context.req.path, resources), log));
  app.onError((error) => errorResponse(error, log));
  return app;
}

function isRestPath(path: string): boolean {
  return path.startsWith("/v1/") || path === "/v1" || path === "/" || path === "/healthz" || path === "/openapi.json";
}

function indexJson({ events, version }: RestOptions): string {
  return JSON.stringify({
    name: "wireloom",
    version,
    resources: Object.fromEntries(
      events.map(({ table, service }) => [
        table.resource,
        { title: table.title, url: `/v1/${table.resource}`, service: service.typeName },
      ]),
    ),
    agents: "/v1/agents",
    openapi: "/openapi.json",
    health: "/healthz",
  });
}
