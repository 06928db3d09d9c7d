import { Hono } from "hono";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { describeNearest } from "../../schema/nearest-name.js";
import { quote } from "../../schema/parse-value.js";
import type { Store } from "../../store/store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { ErrorLog } from "../public-error.js";
import { formatAgentJson } from "./agent-json.js";
import { errorResponse } from "./error-response.js";
import { addEventRoutes } from "./event-routes.js";
import { ExportSlots } from "./export-rows.js";
import { jsonResponse } from "./json-response.js";

/** What the REST API answers from. */
export interface RestOptions {
  readonly store: Store;
  readonly events: readonly CollectedEvent[];
  /** The document that `GET /openapi.json` answers. */
  readonly openApi: object;
  readonly version: string;
  readonly log: ErrorLog;
  /** Ends exports when the collector closes. */
  readonly signal: AbortSignal;
}

const METHODS = "GET, HEAD, OPTIONS";

/** The REST API as a Hono application. */
export function createRestApp(options: RestOptions): Hono {
  const { store, events, log } = options;
  const app = new Hono();
  const openApi = JSON.stringify(options.openApi);
  const index = indexJson(options);
  app.use(async (context, next) => {
    const { method, path } = context.req;
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow: METHODS } });
    if (method !== "GET" && method !== "HEAD" && isRestPath(path)) {
      const message = `${path} takes ${METHODS}, not ${method}`;
      return jsonResponse(JSON.stringify({ error: { code: "method_not_allowed", message } }), 405, { allow: METHODS });
    }
    await next();
    context.header("x-content-type-options", "nosniff");
    if (path.startsWith("/v1/")) context.header("cache-control", "no-store");
    return undefined;
  });
  app.get("/", () => jsonResponse(index));
  app.get("/healthz", async () => {
    const health = await store.health();
    if (health.isWorking) return jsonResponse('{"status":"ok"}');
    return jsonResponse(JSON.stringify({ status: "failing", message: health.message }), 503);
  });
  app.get("/openapi.json", () => jsonResponse(openApi));
  app.get("/v1/agents", async () => {
    const agents = await store.listAgents();
    return jsonResponse(`{"data":[${agents.map(formatAgentJson).join(",")}]}`);
  });
  app.get("/v1/agents/:agent_id", async (context) => {
    const id = context.req.param("agent_id");
    const agent = await store.findAgent(id);
    if (agent === undefined)
      throw new WireloomError("not_found", `there is no agent ${quote(id)}; GET /v1/agents lists them`);
    return jsonResponse(formatAgentJson(agent));
  });
  const exports = new ExportSlots();
  for (const event of events) addEventRoutes(app, event, { ...options, exports });
  app.notFound((context) => errorResponse(unknownPath(context.req.path, events), log));
  app.onError((error) => errorResponse(error, log));
  return app;
}

function isRestPath(path: string): boolean {
  return path.startsWith("/v1/") || path === "/" || path === "/healthz" || path === "/openapi.json";
}

function unknownPath(path: string, events: readonly CollectedEvent[]): WireloomError {
  const known = ["/v1/agents", "/openapi.json", "/healthz", ...events.map(({ table }) => `/v1/${table.resource}`)];
  return new WireloomError("not_found", `there is nothing at ${quote(path)}; ${describeNearest(path, known)}`);
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
