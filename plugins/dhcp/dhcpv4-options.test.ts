import { describe, expect, it } from "vitest";
import { option, rowOf, text } from "./testing/messages.js";

describe("an option", () => {
  it.each([
    ["subnet mask", option(1, "ffffff00"), { subnet_mask: "255.255.255.0" }],
    ["routers", option(3, "c0000201 c0000202"), { routers: ["192.0.2.1", "192.0.2.2"] }],
    ["resolvers", option(6, "c0000235"), { dns_servers: ["192.0.2.53"] }],
    ["host name", option(12, text("client")), { host_name: "client" }],
    ["host name with a zero at its end", option(12, `${text("client")}00`), { host_name: "client" }],
    ["host name of other bytes", option(12, `${text("a\\")}c3a90a`), { host_name: "a\\\\\\195\\169\\010" }],
    ["domain name", option(15, text("example.com")), { domain_name: "example.com" }],
    ["MTU", option(26, "0578"), { interface_mtu: 1400 }],
    ["broadcast address", option(28, "c00002ff"), { broadcast_address: "192.0.2.255" }],
    ["time servers", option(42, "c0000235 c0000236"), { ntp_servers: ["192.0.2.53", "192.0.2.54"] }],
    ["vendor's own", option(43, "0104c0ffee00"), { vendor_specific: "0104c0ffee00" }],
    ["requested address", option(50, "c0000264"), { requested_address: "192.0.2.100" }],
    ["lease time", option(51, "ffffffff"), { lease_time: "4294967295s" }],
    ["server id", option(54, "c0000235"), { server_id: "192.0.2.53" }],
    ["requested options", option(55, "01 03 06 79 ff"), { requested_options: [1, 3, 6, 121, 255] }],
    ["message", option(56, text("no free leases")), { message: "no free leases" }],
    ["message size", option(57, "05dc"), { maximum_message_size: 1500 }],
    [
      "renewal and rebinding",
      option(58, "0000000a") + option(59, "00000010"),
      { renewal_time: "10s", rebinding_time: "16s" },
    ],
    ["vendor class", option(60, text("MSFT 5.0")), { vendor_class: "MSFT 5.0" }],
    ["client id", option(61, "01 020000000001"), { client_id: "01020000000001", client_duid_type: null }],
    // RFC 4361: 255, an association id, a DUID of type 3
    ["client id with a DUID", option(61, "ff 00000001 0003 0001 020000000001"), { client_duid_type: "LINK_LAYER" }],
    ["TFTP server", option(66, text("boot")), { tftp_server_name: "boot" }],
    ["boot file", option(67, text("grubx64.efi")), { boot_file_name: "grubx64.efi" }],
    ["rapid commit", option(80, ""), { rapid_commit: true }],
    ["architectures", option(93, "0007 0009"), { client_architectures: [7, 9] }],
    ["network interface", option(94, "01 03 10"), { client_network_interface: "1.3.16" }],
    [
      "machine id, its first fields with the lowest byte first",
      option(97, "00 33221100 5544 7766 8899aabbccddeeff"),
      { client_machine_id: "00112233-4455-6677-8899-aabbccddeeff" },
    ],
    ["time zone", option(101, text("Europe/Zurich")), { time_zone: "Europe/Zurich" }],
    ["IPv6 only", option(108, "00000708"), { ipv6_only_wait: "1800s" }],
    ["captive portal", option(114, text("https://p.example/")), { captive_portal: "https://p.example/" }],
    ["MUD URL", option(161, text("https://m.example/l")), { mud_url: "https://m.example/l" }],
    ["proxy", option(252, text("http://wpad/wpad.dat\n")), { proxy_autodiscovery: "http://wpad/wpad.dat\\010" }],
  ])("of the %s is read", (_, options, expected) => {
    expect(rowOf(option(53, "01") + options)).toMatchObject({ ...expected, malformed: false });
  });

  it.each([1, 26, 28, 50, 51, 52, 53, 54, 57, 58, 59, 61, 81, 94, 97, 108])(
    "%i with a byte too few is malformed",
    (code) => {
      const length = { 26: 1, 52: 0, 53: 0, 57: 1, 61: 1, 81: 2, 94: 2, 97: 16 }[code] ?? 3;
      expect(rowOf(option(code, "00".repeat(length)))).toMatchObject({ malformed: true });
    },
  );
});

describe("a search list", () => {
  it("has its names compressed inside the option (RFC 3397, section 4)", () => {
    // The example of the RFC: eng.apple.com., marketing.apple.com. with a pointer to byte 4, split into two options
    const parts = [`03 ${text("eng")} 05 ${text("apple")} 03 ${text("com")} 00 09`, `${text("marketing")} c004`];
    expect(rowOf(parts.map((part) => option(119, part)).join(""))).toMatchObject({
      search_domains: ["eng.apple.com", "marketing.apple.com"],
      malformed: false,
    });
  });

  it("with a pointer forwards is malformed", () => {
    expect(rowOf(option(119, "03636f6d00 c008 00"))).toMatchObject({ search_domains: ["com"], malformed: true });
  });
});

describe("a client's name", () => {
  it.each([
    // Flags S and E, two result codes, labels with and without their end (RFC 4702)
    ["in labels", "05 00 00 06 636c69656e74 07 6578616d706c65 00", { client_fqdn: "client.example", fqdn_flags: 5 }],
    ["in labels that continue elsewhere", "05 00 00 06 636c69656e74", { client_fqdn: "client", fqdn_flags: 5 }],
    ["in ASCII", `01 00 00 ${text("client.example")}`, { client_fqdn: "client.example", fqdn_flags: 1 }],
    ["that the server is to make up", "05 00 00", { client_fqdn: "", fqdn_flags: 5 }],
  ])("is read %s", (_, value, expected) => {
    expect(rowOf(option(81, value))).toMatchObject({ ...expected, malformed: false });
  });

  it("in labels that lie is malformed", () => {
    expect(rowOf(option(81, "04 00 00 09 61"))).toMatchObject({ client_fqdn: null, malformed: true });
  });
});

describe("routes without classes", () => {
  it("have as many bytes of the destination as they need (RFC 3442)", () => {
    const routes =
      "00 0a110001  08 0a 0a110002  18 0a1100 0a110003  10 0a11 0a110004  19 0a111180 0a110005  20 0a110601 0a110006";
    expect(rowOf(option(121, routes))).toMatchObject({
      route_destinations: ["0.0.0.0", "10.0.0.0", "10.17.0.0", "10.17.0.0", "10.17.17.128", "10.17.6.1"],
      route_lengths: [0, 8, 24, 16, 25, 32],
      route_gateways: ["10.17.0.1", "10.17.0.2", "10.17.0.3", "10.17.0.4", "10.17.0.5", "10.17.0.6"],
      malformed: false,
    });
    const microsofts = option(249, "08 0a 0a110002");
    expect(rowOf(microsofts)).toMatchObject({ route_destinations: ["10.0.0.0"] });
    for (const both of [microsofts + option(121, "00 0a110001"), option(121, "00 0a110001") + microsofts])
      expect(rowOf(both)).toMatchObject({ route_destinations: ["0.0.0.0"], route_gateways: ["10.17.0.1"] });
  });

  it.each(["21 0a11060100 0a110001", "20 0a1106", "08 0a 0a1100"])("are malformed as %s", (routes) => {
    expect(rowOf(option(121, routes))).toMatchObject({ route_destinations: [], malformed: true });
  });
});

describe("classes", () => {
  it("of users are instances (RFC 3004) or one text", () => {
    expect(rowOf(option(77, `03 ${text("one")} 04 ${text("two2")}`))).toMatchObject({ user_classes: ["one", "two2"] });
    expect(rowOf(option(77, text("iPXE")))).toMatchObject({ user_classes: ["iPXE"], malformed: false });
    expect(rowOf(option(77, ""))).toMatchObject({ user_classes: [], malformed: false });
  });

  it("of vendors name the enterprise (RFC 3925), and option 60 goes before", () => {
    const numbered = option(124, `0000a0da 05 ${text("dsl01")}`);
    expect(rowOf(numbered)).toMatchObject({ vendor_enterprise: 41178, vendor_class: "dsl01" });
    expect(rowOf(option(60, text("x")) + numbered)).toMatchObject({ vendor_enterprise: 41178, vendor_class: "x" });
    expect(rowOf(numbered + option(60, text("x")))).toMatchObject({ vendor_enterprise: 41178, vendor_class: "x" });
    expect(rowOf(option(124, `0000a0da 06 ${text("dsl01")}`))).toMatchObject({ vendor_class: null, malformed: true });
  });
});

describe("information of a relay", () => {
  it("stands in suboptions (RFC 3046)", () => {
    const suboptions = `0104 00070001  0206 020000000077  0504 c0000200  0603 ${text("s-7")}  0b04 c0000235  fe01 42`;
    expect(rowOf(option(82, suboptions))).toMatchObject({
      relay_circuit_id: "00070001",
      relay_remote_id: "020000000077",
      relay_link_selection: "192.0.2.0",
      relay_subscriber_id: "s-7",
      relay_server_override: "192.0.2.53",
      malformed: false,
    });
  });

  it.each(["0105 00070001", "01", "0503 c00002", "0b05 c000023500"])("is malformed as %s", (suboptions) => {
    expect(rowOf(option(82, suboptions))).toMatchObject({ malformed: true });
  });
});
