import { describe, expect, it } from "vitest";
import { message, option, rowOf, rowsOf, TO_CLIENT, text } from "./testing/messages.js";

describe("a header", () => {
  it("has the fields of RFC 2131, figure 1", () => {
    const reply = message(option(53, "02"), {
      first: "02 01 06 01",
      addresses: "c0000201 c0000264 c0000235 c0000202",
      sname: text("boot.example"),
      file: text("pxelinux.0"),
    });
    expect(rowsOf([reply, TO_CLIENT])).toMatchObject([
      {
        version: 4,
        message_type: "OFFER",
        transaction_id: 0x12345678,
        elapsed_time: "3s",
        hops: 1,
        operation: "BOOTREPLY",
        broadcast: true,
        hardware_type: 1,
        client_mac: "02:00:00:00:00:01",
        client_hardware: null,
        ciaddr: "192.0.2.1",
        yiaddr: "192.0.2.100",
        siaddr: "192.0.2.53",
        giaddr: "192.0.2.2",
        server_host_name: "boot.example",
        boot_file: "pxelinux.0",
        options: [53],
        malformed: false,
      },
    ]);
  });

  it("has hardware addresses of other links as bytes", () => {
    expect(rowOf("", { first: "01 18 08 00", chaddr: "0200000000000010" })).toMatchObject({
      hardware_type: 24,
      client_mac: null,
      client_hardware: "0200000000000010",
    });
    expect(rowOf("", { first: "01 20 00 00", chaddr: "" })).toMatchObject({ client_mac: null, client_hardware: null });
  });

  it("may have names that fill their fields", () => {
    expect(rowOf("", { sname: text("s".repeat(64)), file: text("f".repeat(128)) })).toMatchObject({
      server_host_name: "s".repeat(64),
      boot_file: "f".repeat(128),
    });
    expect(rowOf("")).toMatchObject({ server_host_name: null, boot_file: null });
  });

  it("is BOOTP's where no type, or no options at all, follow", () => {
    expect(rowOf(option(12, text("tp1")))).toMatchObject({ message_type: "BOOTP", host_name: "tp1" });
    const vendor = message("").fill(0, 236);
    expect(rowsOf([vendor, TO_CLIENT])).toMatchObject([{ message_type: "BOOTP", options: [], malformed: false }]);
    expect(rowsOf([vendor.subarray(0, 236), TO_CLIENT])).toMatchObject([{ message_type: "BOOTP", malformed: false }]);
  });
});

describe("options", () => {
  it("stand between pads, up to the end", () => {
    expect(rowOf(`0000 ${option(53, "01")} 00 ${option(12, text("a"))} ff ${option(12, text("b"))}`)).toMatchObject({
      message_type: "DISCOVER",
      host_name: "a",
      options: [53, 12],
      malformed: false,
    });
  });

  it("stand in the fields for names where option 52 says so, `file` before `sname`", () => {
    const file = `${option(12, text("client"))} ff`;
    const sname = `${option(15, text("example"))} ff`;
    const inFile = option(53, "01") + option(52, "01");
    expect(rowOf(inFile, { file, sname: text("boot") })).toMatchObject({
      host_name: "client",
      domain_name: null,
      boot_file: null,
      server_host_name: "boot",
      option_overload: 1,
    });
    expect(rowOf(option(53, "01") + option(52, "02"), { file: text("f"), sname })).toMatchObject({
      host_name: null,
      domain_name: "example",
      boot_file: "f",
      server_host_name: null,
    });
    expect(rowOf(option(53, "01") + option(52, "03"), { file, sname })).toMatchObject({
      host_name: "client",
      domain_name: "example",
      options: [53, 52, 12, 15],
      malformed: false,
    });
  });

  it("that are too long for one are one (RFC 3396), over the fields for names too", () => {
    // 10.0.0.0/8 by 192.0.2.1, and the default by 192.0.2.2, split in the middle of the first gateway
    expect(rowOf(option(121, "08 0a c000") + option(12, text("x")) + option(121, "0201 00 c0000202"))).toMatchObject({
      route_destinations: ["10.0.0.0", "0.0.0.0"],
      route_lengths: [8, 0],
      route_gateways: ["192.0.2.1", "192.0.2.2"],
      options: [121, 12],
      malformed: false,
    });
    const long = text("v".repeat(255));
    expect(rowOf(option(60, long) + option(60, text("w")))).toMatchObject({ vendor_class: `${"v".repeat(255)}w` });
    expect(rowOf(option(6, "c0000201") + option(6, "c0000201"))).toMatchObject({
      dns_servers: ["192.0.2.1", "192.0.2.1"],
    });
    // An address of a list split between the three fields
    expect(
      rowOf(option(6, "c0") + option(52, "03"), { file: `${option(6, "0002")} ff`, sname: `${option(6, "35")} ff` }),
    ).toMatchObject({ dns_servers: ["192.0.2.53"], malformed: false });
  });

  it("that are texts are one however short their parts are (RFC 3396, section 7)", () => {
    const parts = (code: number) => option(code, text("ab")) + option(code, text("c")) + option(code, text("d"));
    expect(rowOf([12, 15, 56, 60, 66, 67, 101, 114, 161, 252].map(parts).join(""))).toMatchObject({
      host_name: "abcd",
      domain_name: "abcd",
      message: "abcd",
      vendor_class: "abcd",
      tftp_server_name: "abcd",
      boot_file_name: "abcd",
      time_zone: "abcd",
      captive_portal: "abcd",
      mud_url: "abcd",
      proxy_autodiscovery: "abcd",
      malformed: false,
    });
  });

  it("that a server sends twice count once", () => {
    expect(rowOf(option(67, text("a.efi")) + option(67, text("a.efi")))).toMatchObject({ boot_file_name: "a.efi" });
    expect(rowOf(option(67, `${text("a.efi")}00`) + option(67, text("b.efi")))).toMatchObject({
      boot_file_name: "a.efi",
    });
    expect(rowOf(option(53, "01") + option(53, "03"))).toMatchObject({ message_type: "DISCOVER", options: [53] });
  });

  it.each([
    ["a value longer than the message", `${option(53, "01")} 0c05 61`],
    ["no length", `${option(53, "01")} 0c`],
    ["a number of another length", option(53, "01") + option(51, "0000ff")],
    ["half an address", option(53, "01") + option(3, "c00002")],
  ])("with %s flag the row, and the others stay", (_, options) => {
    expect(rowOf(options)).toMatchObject({ message_type: "DISCOVER", malformed: true });
  });

  it("beyond 512 are omitted", () => {
    const row = rowOf(option(53, "01") + "e000".repeat(600));
    expect(row).toMatchObject({ message_type: "DISCOVER", options: [53, 224], malformed: true });
  });
});
