import { describe, expect, it } from "vitest";
import { collectedEvents } from "../../generated/collected-events.js";
import { refuseContradictions } from "./contradiction.js";
import { parseFilter } from "./filter.js";

function refuse(resource: string, query: string): void {
  const event = collectedEvents.find(({ table }) => table.resource === resource)!;
  refuseContradictions([...new URLSearchParams(query)].map(([name, text]) => parseFilter(event.query, name, text)));
}

describe("contradictory conditions", () => {
  it.each([
    [
      "rcode_eq=NXDOMAIN&rcode_eq=SERVFAIL",
      "rcode_eq=NXDOMAIN and rcode_eq=SERVFAIL never hold together; for rows with one of the values give rcode_in=NXDOMAIN,SERVFAIL",
    ],
    ["rcode_eq=0&rcode_in=NXDOMAIN,SERVFAIL", "rcode_eq=NOERROR and rcode_in=NXDOMAIN,SERVFAIL never hold together"],
    ["rcode_in=1,2&rcode_in=3,4", "never hold together; leave one of them out"],
    ["rcode_eq=0&rcode_ne=0", "rcode_eq=NOERROR and rcode_ne=NOERROR never hold together"],
    ["rcode_eq=0&rcode_not_in=0,1", "never hold together"],
    ["rcode_is_null=true&rcode_eq=0", "rcode_is_null=true and rcode_eq=NOERROR never hold together"],
    ["rcode_is_null=true&rcode_is_null=false", "never hold together"],
    ["latency_gt=2s&latency_lt=1s", "latency_gt=2s and latency_lt=1s leave no value between them"],
    ["dst_port_gte=53&dst_port_lt=53", "leave no value between them"],
    ["time_gte=2026-01-02&time_lte=2026-01-01", "leave no value between them"],
    [
      "src_address_eq=192.0.2.1&src_address_cidr=10.0.0.0/8",
      "src_address_eq=192.0.2.1 and src_address_cidr never hold",
    ],
    ["query_name_eq=a.example&query_name_eq=b.example", "query_name_in=a.example,b.example"],
    ["query_name_eq=a.example&query_name_prefix=b", "query_name_prefix=b never hold together"],
  ])("%s", (query, message) => {
    expect(() => refuse("dns", query)).toThrow(message);
  });

  it.each([
    "rcode_eq=0&rcode_eq=0",
    "query_name_eq=a.example&query_name_eq=A.EXAMPLE.",
    "query_name_contains=a&query_name_contains=b",
    "answer_names_has=a&answer_names_has=b",
    "rcode_in=1,2&rcode_in=2,3",
    "rcode_ne=1&rcode_ne=2",
    "dst_port_gte=53&dst_port_lte=53",
    "src_address_cidr=10.0.0.0/8&src_address_cidr=10.1.0.0/16",
    "rcode_is_null=false&rcode_eq=0",
  ])("are not %s", (query) => {
    expect(() => refuse("dns", query)).not.toThrow();
  });

  it("are not hosts if one of them has a port", () => {
    expect(() => refuse("http", "host_eq=a.example&host_eq=a.example:80&host_prefix=a.example:8")).not.toThrow();
    expect(() => refuse("http", "host_eq=a.example:81&host_eq=a.example:80")).toThrow("never hold together");
    expect(() => refuse("http", "host_eq=a.example:81&host_ne=a.example")).toThrow("never hold together");
  });
});
