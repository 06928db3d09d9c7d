import type { CollectedEvent } from "../../plugin/plugin.js";
import { AGENT_STATES } from "../../schema/agent-state.js";
import type { Column, Comparison, Filter } from "../../schema/event-table.js";
import type { FieldAnnotation } from "../../schema/field-annotation.js";
import { OPERATORS, type Operator } from "../../schema/operators.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the REST API of these events; `version` is that of the API. */
export function openApiDocument(events: readonly CollectedEvent[], version: string): Json {
  const paths: Json = {};
  const schemas: Json = { Error: errorSchema() };
  for (const event of events) {
    const { name } = event.message;
    const { resource } = event.table;
    schemas[name] = rowSchema(event);
    schemas[`${name}Page`] = pageSchema(name);
    const list = listOperation(event);
    paths[`/v1/${resource}`] = { get: list };
    paths[`/v1/${resource}/{id}`] = { get: getOperation(event) };
    for (const { template, placeholder, filter } of event.query.pathTemplates) {
      const { column } = filter;
      const property = column.messagePath.at(-1)!;
      const operationId = `list${name}By${property.charAt(0).toUpperCase()}${property.slice(1)}`;
      const bound = {
        name: placeholder,
        in: "path",
        required: true,
        schema: SEMANTIC_TYPES[column.type].jsonSchema(column),
      };
      const notFound = column.name === "agent_id" ? { "404": errorResponse("There is no such agent") } : {};
      const responses = { ...list.responses, ...notFound };
      paths[template] = { get: { ...list, operationId, parameters: [bound, ...list.parameters], responses } };
    }
  }
  const agents = plainOperation("listAgents", "Agents that have sent events", "agents");
  paths["/v1/agents"] = { get: { ...agents, parameters: agentParameters() } };
  paths["/v1/agents/{agent_id}"] = {
    get: {
      ...plainOperation("getAgent", "One agent", "agents"),
      parameters: [{ name: "agent_id", in: "path", required: true, schema: { type: "string" } }],
      responses: {
        ...plainOperation("getAgent", "One agent", "agents").responses,
        "404": errorResponse("There is no such agent"),
      },
    },
  };
  paths["/v1"] = { get: plainOperation("listCollections", "The collections that there are", "service") };
  paths["/healthz"] = { get: plainOperation("getHealth", "Whether the collector can answer queries", "service") };
  return {
    openapi: "3.1.0",
    info: { title: "Wireloom", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/", description: "The collector that serves this document" }],
    // No operation needs credentials; without the list, validators report that it is missing.
    security: [],
    paths,
    components: { schemas },
  };
}

function listOperation(event: CollectedEvent): Json & { parameters: Json[]; responses: Json } {
  const { message, table, query } = event;
  return {
    operationId: `list${message.name}`,
    summary: table.description || table.title,
    tags: [table.resource],
    parameters: [...pageParameters(event), ...Array.from(query.filters, filterParameter)],
    responses: {
      "200": {
        description: "A page as JSON, or the whole result as NDJSON or CSV, as the Accept header asks",
        content: {
          "application/json": { schema: reference(`${message.name}Page`) },
          "application/x-ndjson": { schema: reference(message.name) },
          "text/csv": { schema: { type: "string" } },
        },
      },
      "400": errorResponse("A parameter is unknown or has a bad value, or filters never hold together"),
      ...commonErrors(),
    },
  };
}

function getOperation(event: CollectedEvent): Json {
  const { message, table } = event;
  return {
    operationId: `get${message.name}`,
    summary: `One row of ${table.resource}`,
    tags: [table.resource],
    parameters: [
      { name: "id", in: "path", required: true, schema: SEMANTIC_TYPES.uuid.jsonSchema({ enumValues: [] }) },
      fieldsParameter(event),
    ],
    responses: {
      "200": { description: "The row", content: { "application/json": { schema: reference(message.name) } } },
      "400": errorResponse("The id is not a UUID, or a parameter is unknown or has a bad value"),
      "404": errorResponse("There is no such row"),
      ...commonErrors(),
    },
  };
}

function plainOperation(operationId: string, summary: string, tag: string): Json & { responses: Json } {
  return {
    operationId,
    summary,
    tags: [tag],
    responses: {
      "200": { description: summary, content: { "application/json": { schema: { type: "object" } } } },
      "400": errorResponse("A parameter is unknown or has a bad value"),
      ...commonErrors(),
    },
  };
}

function pageParameters(event: CollectedEvent): Json[] {
  const orderable = [...event.query.orderings.keys()];
  return [
    query(
      "order_by",
      `Columns, each with \`desc\` or \`asc\` after it, separated by commas; of ${orderable.join(", ")}`,
      {
        type: "string",
        default: "time desc",
      },
    ),
    query("page_size", "Rows in the page", { type: "integer", minimum: 1, maximum: 1000, default: 50 }),
    query("page_token", "The next_page_token of the page before", { type: "string" }),
    query("limit", "Rows of NDJSON or CSV at most; all unless given", {
      type: "integer",
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    }),
    fieldsParameter(event),
    query("count", "Whether matching rows are counted; capped counts to 10000", {
      type: "string",
      enum: ["none", "capped", "exact"],
      default: "none",
    }),
    query("csv_safe", "Whether texts in CSV that a spreadsheet would take for formulas begin with an apostrophe", {
      type: "boolean",
      default: false,
    }),
  ];
}

function fieldsParameter({ table }: CollectedEvent): Json {
  const names = table.columns.map(({ name }) => name).join(", ");
  return query("fields", `Columns to answer, separated by commas, in this order; of ${names}`, { type: "string" });
}

function agentParameters(): Json[] {
  const states = AGENT_STATES.join(", ");
  return [
    query("state_eq", `Agents in this state, of ${states}`, { type: "string", enum: AGENT_STATES }),
    query("state_in", `Agents in one of these states, separated by commas; of ${states}`, { type: "string" }),
  ];
}

function query(name: string, description: string, schema: Json): Json {
  return { name, in: "query", description, schema };
}

function filterParameter([name, { column, operator }]: [string, Filter]): Json {
  const schema = operator === "is_null" ? { type: "boolean" } : { type: "string" };
  return query(name, describeFilter(column, operator), schema);
}

const COMPARISON_WORDS: Readonly<Record<Comparison, string>> = {
  name: "; a domain name, without regard to case and to a final dot",
  host: "; a host, without regard to case and to a final dot, of any port unless one is given",
};

function describeFilter(column: Column, operator: Operator): string {
  const form = operator === "is_null" ? "true or false" : SEMANTIC_TYPES[column.type].valueForm;
  const compared = column.comparison === undefined || operator === "is_null" ? "" : COMPARISON_WORDS[column.comparison];
  return `${column.title} ${OPERATORS[operator].words} ${form}${compared}`;
}

function rowSchema({ table }: CollectedEvent): Json {
  return {
    type: "object",
    description: table.description,
    properties: Object.fromEntries(table.columns.map((column) => [column.name, propertySchema(column)])),
    required: table.columns.map(({ name }) => name),
  };
}

function propertySchema(column: Column): Json {
  const value = { ...SEMANTIC_TYPES[column.type].jsonSchema(column) };
  const description = [column.description, ...valueDescriptions(column)].filter((text) => text !== "").join("\n");
  const schema = column.isList
    ? { type: "array", items: value }
    : column.isNullable
      ? { anyOf: [value, { type: "null" }] }
      : value;
  return {
    title: column.title,
    ...(description === "" ? {} : { description }),
    ...schema,
    ...annotationExtension(column),
  };
}

/** Annotations that the schema shows in its own form, or that do not concern those who read rows. */
const OTHER_ANNOTATIONS: ReadonlySet<string> = new Set<keyof FieldAnnotation>([
  "type",
  "wireshark",
  "list",
  "maxBytes",
  "maxItems",
  "title",
  "path",
  "compare",
  "flags",
  "marksRedaction",
]);

/** The other annotations of a field, those of other projects included. */
function annotationExtension({ annotation, foreignAnnotations }: Column): Json {
  const own = Object.entries(annotation).filter(([name]) => !OTHER_ANNOTATIONS.has(name));
  const given = [...own, ...Object.entries(foreignAnnotations ?? {})];
  return given.length === 0 ? {} : { "x-wireloom": Object.fromEntries(given) };
}

/** A line for each value of an enum that has an explanation. */
function valueDescriptions({ type, enumValues }: Column): string[] {
  if (type !== "enum") return [];
  return enumValues.flatMap(({ name, description }) =>
    description === undefined ? [] : [`- \`${name}\`: ${description}`],
  );
}

function pageSchema(name: string): Json {
  return {
    type: "object",
    properties: {
      data: { type: "array", items: reference(name) },
      next_page_token: { type: "string", description: "Empty on the last page" },
      count: { type: "integer" },
      count_is_capped: { type: "boolean" },
    },
    required: ["data", "next_page_token"],
  };
}

function errorSchema(): Json {
  const error = {
    type: "object",
    properties: { code: { type: "string" }, message: { type: "string" } },
    required: ["code", "message"],
  };
  return { type: "object", properties: { error }, required: ["error"] };
}

function errorResponse(description: string): Json {
  return { description, content: { "application/json": { schema: reference("Error") } } };
}

/** Responses that any request may have. */
function commonErrors(): Json {
  const retryAfter = { description: "Seconds after which to try again", schema: { type: "integer" } };
  return {
    "406": errorResponse("The response has none of the media types that Accept names"),
    "421": errorResponse("Host names another machine"),
    "503": {
      ...errorResponse("The collector is busy or cannot read its store"),
      headers: { "Retry-After": retryAfter },
    },
    "504": errorResponse("The query took longer than it may"),
  };
}

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}
