import { AGENT_STATES } from "../runtime/schema/agent-state.js";
import type { Comparison } from "../runtime/schema/event-table.js";
import { type Operator, SEMANTIC_TYPES } from "../runtime/schema/semantic-type.js";
import { isOrdered, operatorsOf, pathTemplatesOf } from "./emit-query.js";
import type { ColumnModel, EventModel, FieldModel } from "./model.js";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the REST API. */
export function emitOpenApi(events: readonly EventModel[], version: string): string {
  const paths: Json = {};
  const schemas: Json = { Error: errorSchema() };
  for (const event of events) {
    schemas[event.name] = rowSchema(event);
    schemas[`${event.name}Page`] = pageSchema(event.name);
    const list = listOperation(event);
    paths[`/v1/${event.resource}`] = { get: list };
    paths[`/v1/${event.resource}/{id}`] = { get: getOperation(event) };
    for (const { template, field } of pathTemplatesOf(event)) {
      const operationId = `list${event.name}By${field.property.charAt(0).toUpperCase()}${field.property.slice(1)}`;
      const bound = { name: field.name, in: "path", required: true, schema: valueSchema(field) };
      const notFound = field.name === "agent_id" ? { "404": errorResponse("There is no such agent") } : {};
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
  const document = {
    openapi: "3.1.0",
    info: { title: "Wireloom", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/", description: "The collector that serves this document" }],
    // No operation needs credentials; without the list, validators take it for forgotten.
    security: [],
    paths,
    components: { schemas },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function listOperation(event: EventModel): Json & { parameters: Json[]; responses: Json } {
  return {
    operationId: `list${event.name}`,
    summary: event.description || event.title,
    tags: [event.resource],
    parameters: [...pageParameters(event), ...event.table.columns.flatMap(filterParameters)],
    responses: {
      "200": {
        description: "A page as JSON, or the whole result as NDJSON or CSV, as the Accept header asks",
        content: {
          "application/json": { schema: reference(`${event.name}Page`) },
          "application/x-ndjson": { schema: reference(event.name) },
          "text/csv": { schema: { type: "string" } },
        },
      },
      "400": errorResponse("A parameter is unknown or has a bad value, or filters never hold together"),
      ...commonErrors(),
    },
  };
}

function getOperation(event: EventModel): Json {
  return {
    operationId: `get${event.name}`,
    summary: `One row of ${event.resource}`,
    tags: [event.resource],
    parameters: [
      { name: "id", in: "path", required: true, schema: SEMANTIC_TYPES.uuid.jsonSchema },
      fieldsParameter(event),
    ],
    responses: {
      "200": { description: "The row", content: { "application/json": { schema: reference(event.name) } } },
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

function pageParameters(event: EventModel): Json[] {
  const orderable = event.table.columns.filter(({ field }) => isOrdered(field)).map(({ field }) => field.name);
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

function fieldsParameter({ table }: EventModel): Json {
  const names = table.columns.map(({ field }) => field.name).join(", ");
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

function filterParameters({ field }: ColumnModel): Json[] {
  return operatorsOf(field).map((operator) => ({
    name: `${field.name}_${operator}`,
    in: "query",
    description: describeFilter(field, operator),
    schema: operator === "is_null" ? { type: "boolean" } : { type: "string" },
  }));
}

const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  eq: "equal to",
  ne: "not equal to",
  lt: "less than",
  lte: "at most",
  gt: "greater than",
  gte: "at least",
  in: 'one of, separated by commas, "a,b" with a comma inside:',
  like: "matching (% any text, _ one character)",
  contains: "containing, without regard to case,",
  prefix: "starting with",
  cidr: "in the network",
  has: "holding",
  is_null: "without a value:",
  not_in: 'not one of, separated by commas, "a,b" with a comma inside:',
  not_like: "not matching (% any text, _ one character)",
  not_contains: "not containing, without regard to case,",
  not_prefix: "not starting with",
  not_cidr: "not in the network",
};

const COMPARISON_WORDS: Readonly<Record<Comparison, string>> = {
  name: "; a domain name, without regard to case and to a final dot",
  host: "; a host, without regard to case and to a final dot, of any port unless one is given",
};

function describeFilter(field: FieldModel, operator: Operator): string {
  const form = operator === "is_null" ? "true or false" : SEMANTIC_TYPES[field.type].valueForm;
  const compared = field.comparison === undefined || operator === "is_null" ? "" : COMPARISON_WORDS[field.comparison];
  return `${field.title} ${OPERATOR_WORDS[operator]} ${form}${compared}`;
}

function rowSchema(event: EventModel): Json {
  const properties = event.table.columns.map(({ field }) => [field.name, propertySchema(field)] as const);
  return {
    type: "object",
    description: event.description,
    properties: Object.fromEntries(properties),
    required: event.table.columns.map(({ field }) => field.name),
  };
}

function propertySchema(field: FieldModel): Json {
  const value = valueSchema(field);
  const description = [field.description, ...valueDescriptions(field)].filter((text) => text !== "").join("\n");
  const schema = field.isList
    ? { type: "array", items: value }
    : field.isNullable
      ? { anyOf: [value, { type: "null" }] }
      : value;
  return { title: field.title, ...(description === "" ? {} : { description }), ...schema };
}

/** A line for each value of an enum that has an explanation. */
function valueDescriptions({ enumModel }: FieldModel): string[] {
  return (enumModel?.values ?? []).flatMap(({ name, description }) =>
    description === undefined ? [] : [`- \`${name}\`: ${description}`],
  );
}

function valueSchema(field: FieldModel): Json {
  if (field.enumModel === undefined) return { ...SEMANTIC_TYPES[field.type].jsonSchema };
  return {
    anyOf: [{ type: "string", enum: field.enumModel.values.map(({ name }) => name) }, { type: "integer" }],
  };
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

/** Answers that any request may have. */
function commonErrors(): Json {
  const retryAfter = { description: "Seconds after which to try again", schema: { type: "integer" } };
  return {
    "406": errorResponse("None of the types that Accept names is to be had"),
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
