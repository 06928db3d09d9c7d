import { describe, expect, it } from "vitest";
import { HOST, hex, NEIGHBOR, QUOTED6, rowsOf, SOURCE_OPTION, verdictOf } from "./testing/messages.js";

/** Link-layer address option of 02:00:00:00:00:02. */
const TARGET_OPTION = "02 01 020000000002";

describe("neighbour discovery", () => {
  const SOLICIT = hex("87 00 0000 00000000", NEIGHBOR, SOURCE_OPTION);
  const ADVERTISE = hex("88 00 0000 e0000000", NEIGHBOR, TARGET_OPTION);
  const ASKS = { srcAddress: "fe80::1", dstAddress: "ff02::1:ff00:2", ipProtocol: 58, hopLimit: 255 };
  const ANSWERS = { srcAddress: "fe80::2", dstAddress: "fe80::1", ipProtocol: 58, hopLimit: 255 };

  it("makes solicitation and advertisement one row", () => {
    expect(rowsOf([SOLICIT, ASKS], [ADVERTISE, { ...ANSWERS, atSeconds: 0.002 }])).toMatchObject([
      {
        kind: "NEIGHBOR_SOLICITATION",
        state: "COMPLETE",
        latency: "0.002s",
        response_frame: 2,
        response_hop_limit: 255,
        src_address: "fe80::1",
        target_address: "fe80::2",
        source_mac: "02:00:00:00:00:01",
        target_mac: "02:00:00:00:00:02",
        from_router: true,
        solicited: true,
        override: true,
        malformed: false,
      },
    ]);
  });

  it("leaves those of other targets, and unsolicited ones unchanged", () => {
    const other = hex("88 00 0000 40000000", "fe800000000000000000000000000003");
    const announced = hex("88 00 0000 20000000", NEIGHBOR, TARGET_OPTION);
    expect(rowsOf([SOLICIT, ASKS], [other, ANSWERS], [announced, { ...ANSWERS, dstAddress: "ff02::1" }])).toMatchObject(
      [
        {
          kind: "NEIGHBOR_ADVERTISEMENT",
          state: "UNSOLICITED",
          src_address: "fe80::1",
          from_router: false,
          solicited: true,
        },
        { kind: "NEIGHBOR_ADVERTISEMENT", state: "NONE", src_address: "fe80::2", solicited: false, override: true },
        { kind: "NEIGHBOR_SOLICITATION", state: "UNANSWERED", target_mac: null, solicited: null },
      ],
    );
  });

  it("waits for no answer to a check for duplicates", () => {
    // Nonce option (RFC 3971, section 5.3.2)
    const check = hex("87 00 0000 00000000", NEIGHBOR, "0e 01 a1b2c3d4e5f6");
    expect(rowsOf([check, { ...ASKS, srcAddress: "::" }])).toMatchObject([
      { state: "NONE", src_address: "::", target_address: "fe80::2", nonce: "a1b2c3d4e5f6", source_mac: null },
    ]);
  });

  it("reads what a router advertises", () => {
    const message = hex(
      // Hop limit 64; M, O, H and preference low; lifetime 1800 s, reachable 30 s, retransmission 1 s
      "86 00 0000 40 f8 0708 00007530 000003e8",
      SOURCE_OPTION,
      "05 01 0000 000005dc",
      "03 04 40 c0 00015180 00003840 00000000 20010db8000000000000000000000000",
      // Routes: 2001:db8:aaaa::/48, high; the default, low
      "18 02 30 08 00000e10 20010db8aaaa0000  18 01 00 18 ffffffff",
      "19 03 0000 00000258 20010db8000000000000000000000053",
      // example.com and a.b
      "1f 04 0000 00000384 07 6578616d706c65 03 636f6d 00  01 61 01 62 00 0000 00000000",
      "25 03 68747470733a2f2f782e6578616d706c652f 00000000",
      // 225 times 8 s, code 1: a prefix of 64 bits
      "26 02 0709 0064ff9b0000000000000000",
    );
    expect(rowsOf([message, { ...ANSWERS, dstAddress: "ff02::1" }])).toMatchObject([
      {
        kind: "ROUTER_ADVERTISEMENT",
        state: "NONE",
        advertised_hop_limit: 64,
        managed: true,
        other_configuration: true,
        home_agent: true,
        router_preference: "LOW",
        router_lifetime: "1800s",
        reachable_time: "30s",
        retransmission_time: "1s",
        source_mac: "02:00:00:00:00:01",
        mtu: 1500,
        prefixes: ["2001:db8::"],
        prefix_lengths: [64],
        prefix_flags: [0xc0],
        prefix_valid_lifetimes: [86400],
        prefix_preferred_lifetimes: [14400],
        routes: ["2001:db8:aaaa::", "::"],
        route_lengths: [48, 0],
        route_preferences: ["HIGH", "LOW"],
        route_lifetimes: [3600, 4294967295],
        dns_servers: ["2001:db8::53"],
        dns_servers_lifetime: "600s",
        search_domains: ["example.com", "a.b"],
        search_domains_lifetime: "900s",
        captive_portal: "https://x.example/",
        nat64_prefix: "64:ff9b::",
        nat64_prefix_length: 64,
        malformed: false,
      },
    ]);
  });

  it("reads a redirect and the packet that it is about", () => {
    const quoted = hex(QUOTED6).toString("hex");
    const message = hex("89 00 0000 00000000", NEIGHBOR, HOST, TARGET_OPTION, "04 07 0000 00000000", quoted);
    expect(rowsOf([message, ANSWERS])).toMatchObject([
      {
        kind: "REDIRECT",
        reason: "REDIRECT_FOR_HOST",
        gateway: "fe80::2",
        redirected_address: "fe80::1",
        target_mac: "02:00:00:00:00:02",
        target_address: null,
        inner_dst_address: "2001:db8::7",
        inner_dst_port: 123,
      },
    ]);
  });

  it.each([
    ["of length 0", "01 00 020000000001"],
    ["longer than the message", "01 02 020000000001"],
    ["of one byte", "01"],
  ])("flags a row with an option %s, and keeps those before", (_, option) => {
    const message = hex("86 00 0000 40 00 0708 00000000 00000000 05 01 0000 000005dc", option);
    expect(rowsOf([message, ANSWERS])).toMatchObject([{ mtu: 1500, malformed: true }]);
    expect(verdictOf(message, ANSWERS)).toMatchObject({ rows: 1, malformed: 1 });
    expect(verdictOf(Buffer.concat([message, hex("0000")]), ANSWERS, 14 + 40 + message.length)).toMatchObject({
      rows: 1,
      accepted: 1,
    });
  });

  it("does not take a link-layer address of another link for a MAC", () => {
    expect(rowsOf([hex("85 00 0000 00000000 01 02 0102030405060708 000000000000"), ANSWERS])).toMatchObject([
      { kind: "ROUTER_SOLICITATION", source_mac: null, malformed: false },
    ]);
  });
});
