import { describe, expect, it } from "vitest";
import { hex, option6, row6Of, rowsOf, TO_CLIENT6, TO_SERVERS6, text } from "./testing/messages.js";

const DUID = "0003 0001 020000000001";
const HOST = "20010db8000000000000000000000100";
const PREFIX = "20010db8000100000000000000000000";
/** 1 hour preferred, 2 hours valid. */
const LIFETIMES = "00000e10 00001c20";

describe("a message of DHCPv6", () => {
  it.each([
    ["01", "SOLICIT"],
    ["02", "ADVERTISE"],
    ["03", "REQUEST"],
    ["04", "CONFIRM"],
    ["05", "RENEW"],
    ["06", "REBIND"],
    ["07", "REPLY"],
    ["08", "RELEASE"],
    ["09", "DECLINE"],
    ["0a", "RECONFIGURE"],
    ["0b", "INFORMATION_REQUEST"],
    ["0e", "LEASEQUERY"],
    ["0f", "LEASEQUERY_REPLY"],
    ["14", "DHCPV4_QUERY"],
    ["20", 1032],
  ])("of type 0x%s is %s", (type, expected) => {
    expect(rowsOf([hex(`${type} abcdef`), TO_SERVERS6])).toMatchObject([
      { version: 6, message_type: expected, transaction_id: 0xabcdef, operation: null, hops: null, malformed: false },
    ]);
  });

  it.each([
    ["client id", option6(1, DUID), { client_id: "00030001020000000001", client_duid_type: "LINK_LAYER" }],
    ["server id", option6(2, DUID), { server_duid: "00030001020000000001", client_id: null }],
    ["requested options", option6(6, "0017 0018 0152"), { requested_options: [23, 24, 338] }],
    ["preference", option6(7, "ff"), { preference: 255 }],
    ["elapsed time", option6(8, "0064"), { elapsed_time: "1s" }],
    ["unicast address", option6(12, HOST), { server_unicast: "2001:db8::100" }],
    [
      "status",
      option6(13, `0002 ${text("none left")}`),
      { status_codes: ["NO_ADDRS_AVAIL"], status_messages: ["none left"] },
    ],
    ["rapid commit", option6(14, ""), { rapid_commit: true }],
    ["user classes", option6(15, `0003 ${text("one")} 0002 ${text("tw")}`), { user_classes: ["one", "tw"] }],
    [
      "vendor class",
      option6(16, `0000a0da 0005 ${text("dsl01")}`),
      { vendor_enterprise: 41178, vendor_class: "dsl01" },
    ],
    ["vendor class without a class", option6(16, "0000a0da"), { vendor_enterprise: 41178, vendor_class: null }],
    ["resolvers", option6(23, HOST), { dns_servers: ["2001:db8::100"] }],
    ["search list", option6(24, "03 636f6d 00 01 61 01 62 00"), { search_domains: ["com", "a.b"] }],
    ["SNTP servers", option6(31, HOST + HOST), { ntp_servers: ["2001:db8::100", "2001:db8::100"] }],
    ["refresh time", option6(32, "00015180"), { information_refresh_time: "86400s" }],
    ["FQDN", option6(39, "01 06 636c69656e74"), { client_fqdn: "client", fqdn_flags: 1 }],
    ["time zone", option6(42, text("Europe/Zurich")), { time_zone: "Europe/Zurich" }],
    // Suboptions: an address, and a name, which is skipped (RFC 5908)
    ["NTP servers", option6(56, `0001 0010 ${HOST} 0003 0005 03636f6d00`), { ntp_servers: ["2001:db8::100"] }],
    ["boot file", option6(59, text("tftp://[2001:db8::1]/x")), { boot_file_name: "tftp://[2001:db8::1]/x" }],
    ["architectures", option6(61, "0007"), { client_architectures: [7] }],
    ["network interface", option6(62, "01 03 10"), { client_network_interface: "1.3.16" }],
    ["captive portal", option6(103, text("https://p.example/")), { captive_portal: "https://p.example/" }],
    ["MUD URL", option6(112, text("https://m.example/l")), { mud_url: "https://m.example/l" }],
  ])("has a %s", (_, options, expected) => {
    expect(row6Of(options)).toMatchObject({ ...expected, malformed: false });
  });

  it.each([
    ["half an option header", "0001 00"],
    ["a value longer than the message", "0001 000b 0003"],
    ["half an address", option6(23, HOST.slice(2))],
    ["a preference of two bytes", option6(7, "0000")],
    ["an elapsed time of one byte", option6(8, "00")],
    ["an association without times", option6(3, "00000001 00000000")],
    ["an address without lifetimes", option6(3, `00000001 00000000 00000000 ${option6(5, HOST)}`)],
    ["a status of one byte", option6(13, "00")],
    ["a class that is too long", option6(15, "0004 616263")],
    ["a search list with a pointer to itself", option6(24, "c000")],
  ])("with %s flags the row, and the others stay", (_, options) => {
    expect(row6Of(option6(14, "") + options)).toMatchObject({ rapid_commit: true, malformed: true });
  });
});

describe("identity associations", () => {
  it("have addresses, prefixes and what the server reports about them", () => {
    const status = option6(13, `0006 ${text("no prefix")}`);
    const address = option6(5, `${HOST} ${LIFETIMES} ${option6(13, "0000")}`);
    const prefix = option6(26, `${LIFETIMES} 38 ${PREFIX}`);
    const row = row6Of(
      [
        option6(3, `00000001 00000384 00000708 ${address}`),
        option6(4, `00000002 ${option6(5, `${HOST} ffffffff ffffffff`)}`),
        option6(25, `00000003 00000001 00000002 ${prefix}`),
        option6(25, `00000004 00000000 00000000 ${status}`),
      ].join(""),
    );
    expect(row).toMatchObject({
      association_types: ["ADDRESSES", "TEMPORARY_ADDRESSES", "PREFIXES", "PREFIXES"],
      association_ids: [1, 2, 3, 4],
      renewal_time: "900s",
      rebinding_time: "1800s",
      addresses: ["2001:db8::100", "2001:db8::100"],
      address_preferred_lifetimes: [3600, 4294967295],
      address_valid_lifetimes: [7200, 4294967295],
      prefixes: ["2001:db8:1::"],
      prefix_lengths: [56],
      prefix_preferred_lifetimes: [3600],
      prefix_valid_lifetimes: [7200],
      status_codes: ["SUCCESS", "NO_PREFIX_AVAIL"],
      status_messages: ["", "no prefix"],
      options: [3, 4, 25, 25],
      malformed: false,
    });
  });
});

describe("a relayed message", () => {
  const LINK_A = "20010db8000a00000000000000000001";
  const LINK_B = "20010db8000b00000000000000000001";
  const PEER = "fe800000000000000000000000000001";
  const relay = (hops: string, link: string, peer: string, options: string) => `0c ${hops} ${link} ${peer} ${options}`;
  const solicit = `01 123456 ${option6(1, DUID)}`;
  const TO_RELAY = { ...TO_SERVERS6, srcPort: 547, srcAddress: "2001:db8:b::1", dstAddress: "2001:db8::53" };

  it("is the client's, with what the relays say", () => {
    const inner = relay(
      "00",
      LINK_A,
      PEER,
      option6(9, solicit) +
        option6(18, text("eth0")) +
        option6(37, "0000a0da 0102") +
        option6(38, text("s-7")) +
        option6(79, "0001 020000000001"),
    );
    const outer = relay("01", LINK_B, LINK_A, option6(18, "07") + option6(9, inner));
    expect(rowsOf([hex(outer), TO_RELAY])).toMatchObject([
      {
        message_type: "SOLICIT",
        transaction_id: 0x123456,
        hops: 1,
        relay_link_addresses: ["2001:db8:b::1", "2001:db8:a::1"],
        relay_peer_addresses: ["2001:db8:a::1", "fe80::1"],
        relay_circuit_id: "65746830",
        relay_remote_enterprise: 41178,
        relay_remote_id: "0102",
        relay_subscriber_id: "s-7",
        hardware_type: 1,
        client_mac: "02:00:00:00:00:01",
        client_id: "00030001020000000001",
        options: [1],
        malformed: false,
      },
    ]);
  });

  it("may go through eight relays and more", () => {
    let message = solicit;
    for (let i = 0; i < 20; i++) message = relay("00", LINK_A, PEER, option6(9, message));
    expect(rowsOf([hex(message), TO_RELAY])).toMatchObject([
      { message_type: "SOLICIT", limit_reached: true, malformed: false },
    ]);
    for (let i = 0; i < 20; i++) message = relay("00", LINK_A, PEER, option6(9, message));
    expect(rowsOf([hex(message), TO_RELAY])).toMatchObject([{ message_type: "RELAY_FORWARD", malformed: true }]);
  });

  it.each([
    ["none inside", relay("00", LINK_A, PEER, option6(18, "07"))],
    ["one that is not whole", `${relay("00", LINK_A, PEER, "")} 0009 00ff 01 123456`],
    ["an empty one", relay("00", LINK_A, PEER, option6(9, ""))],
    ["half a relay's header", `0c00 ${LINK_A}`],
  ])("with %s is the relay's own", (_, message) => {
    expect(rowsOf([hex(message), TO_RELAY])).toMatchObject([
      { message_type: "RELAY_FORWARD", transaction_id: 0, malformed: true },
    ]);
  });

  it("of the server comes back in the same way", () => {
    const reply = `0d 00 ${LINK_A} ${PEER} ${option6(9, `02 123456 ${option6(1, DUID)}`)}`;
    const sent = relay("00", LINK_A, PEER, option6(9, solicit));
    expect(
      rowsOf([hex(sent), TO_RELAY], [hex(reply), { ...TO_CLIENT6, dstPort: 547, atSeconds: 0.003 }]),
    ).toMatchObject([
      { message_type: "SOLICIT", latency: null },
      { message_type: "ADVERTISE", latency: "0.003s", request_frame: 1 },
    ]);
  });
});
