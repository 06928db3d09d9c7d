import { describe, expect, it } from "vitest";
import { hex, rowsOf, TO_CLIENT } from "./testing/messages.js";

describe("router discovery of IPv4", () => {
  it("lists routers and how much each is preferred (RFC 1256)", () => {
    expect(rowsOf([hex("09 00 0000 02 02 0708 c0000201 00000000 c0000202 80000000"), TO_CLIENT])).toMatchObject([
      {
        kind: "ROUTER_ADVERTISEMENT",
        router_lifetime: "1800s",
        router_addresses: ["192.0.2.1", "192.0.2.2"],
        router_preferences: [0, -2147483648],
      },
    ]);
    expect(rowsOf([hex("09 00 0000 02 02 0708 c0000201 00000000"), TO_CLIENT])).toMatchObject([
      { router_addresses: ["192.0.2.1"], malformed: true },
    ]);
  });
});
