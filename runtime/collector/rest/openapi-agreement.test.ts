import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../testing/collector.js";
import { openApiDocument } from "./openapi.js";

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const openApi = openApiDocument(collectedEvents, "1.2.3");
// A document is JSON without a type.
const paths = Object.entries(openApi["paths"] as Record<string, { readonly get: Operation }>);

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
  await storeRowGroups(fixture.store, "probe-1", [dnsRowGroup([{ queryName: "a.example" }])]);
});

afterAll(() => fixture.close());

async function get(path: string): Promise<{ status: number; message: string }> {
  const place = path
    .replace("{agent_id}", "probe-1")
    .replace("{community_id}", encodeURIComponent("1:LQU9qZlK+B5F3KDmev6m5PMibrg="))
    .replace("{id}", "018f0000-0000-7000-8000-000000000000");
  const response = await fetch(fixture.collector.url + place);
  const body = (await response.json()) as { error?: { message: string } };
  return { status: response.status, message: body.error?.message ?? "" };
}

describe("the OpenAPI document", () => {
  it("shows what the annotations say of a field", () => {
    const { schemas } = openApi["components"] as { schemas: Record<string, { properties: Record<string, object> }> };
    expect(schemas["Dns"]!.properties["query_name"]).toHaveProperty("x-wireloom", {
      role: "ROLE_NAME",
      index: "INDEX_TEXT",
      sensitive: "SENSITIVITY_KEEP",
      ecs: "dns.question.name",
    });
    expect(schemas["Dns"]!.properties["opcode"]).not.toHaveProperty("x-wireloom");
  });

  it.each(paths)(
    "has an answer for %s, and for a parameter that it does not have",
    async (path, { get: operation }) => {
      const { status } = await get(path);
      expect(Object.keys(operation.responses)).toContain(String(status));
      const { status: other, message } = await get(`${path}?no_such_parameter=1`);
      if (path === "/healthz") expect(other).toBe(200);
      else {
        expect(other).toBe(400);
        expect(message).toContain('has no parameter "no_such_parameter"');
        expect(Object.keys(operation.responses)).toContain("400");
      }
    },
  );

  const ofDns = paths.filter(([path]) => /dns|^\/v1\/agents(\/\{agent_id\})?$|^\/v1$/.test(path));

  it.each(ofDns)("has no parameter of %s that it does not take", async (path, { get: operation }) => {
    const names = (operation.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name);
    for (const name of names) {
      const { message } = await get(`${path}?${name}=%00`);
      expect({ name, message }).not.toMatchObject({ message: expect.stringContaining("has no parameter") });
    }
  });

  it("says that no operation needs credentials", () => {
    expect(openApi).toMatchObject({ security: [], servers: [{ url: "/" }], info: { version: "1.2.3" } });
  });
});
