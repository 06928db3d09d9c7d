import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { registry } from "../../generated/registry.js";
import { compileFilter } from "../../runtime/capture/bpf-filter.js";
import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { filteredSource } from "../../runtime/capture/filtered-source.js";
import { runFilter } from "../../runtime/capture/run-filter.js";
import { layersOf } from "../../runtime/engine/plugin-layers.js";
import { unionFilter } from "../../runtime/engine/union-filter.js";
import { LinkType } from "../../runtime/packet/link-type.js";
import { datagramHex, ipv4Hex, ipv6Hex, UDP_IN_IPV4 } from "../../runtime/packet/testing/packets.js";
import { type Plugin, TunnelKind, Verdict } from "../../runtime/plugin/index.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";

const { plugins } = registry;
const layers = layersOf(plugins);
const bound = plugins.filter(({ captureFilter }) => captureFilter !== "");
/** Decoders of bound ports alone: the filter passes no other traffic for probes to recognize. */
const withoutProbes = bound.map(({ probe: _, ...plugin }) => plugin);

const captures = ["runtime/packet/captures", ...bound.map(({ table }) => `plugins/${table.resource}/captures`)].flatMap(
  (folder) => readdirSync(folder).flatMap((name) => (/\.pcap(ng)?$/.test(name) ? [`${folder}/${name}`] : [])),
);

async function rowsOf(path: string, isFiltered: boolean, decoders: readonly Plugin[] = withoutProbes) {
  const bench = DecoderBench.configured({ onDecoderFault: () => undefined }, ...decoders);
  const source = await openCaptureFile(path);
  await bench.source(isFiltered ? filteredSource(source, unionFilter(decoders, layers)!) : source);
  await source.close();
  bench.endInput();
  return decoders.map(({ table }) => bench.rows(table.resource));
}

test.each(captures)("the rows of %s are the same with the filter of bound traffic", async (path) => {
  expect(await rowsOf(path, true)).toEqual(await rowsOf(path, false));
});

test("datagrams in every kind of tunnel pass", async () => {
  const ntp = findPlugin(plugins, "ntp");
  // Makes a row of every datagram on the port of those in tunnels.
  const every: Plugin = {
    ...ntp,
    bindings: { ...ntp.bindings, udpPorts: [40007] },
    captureFilter: "udp port 40007",
    decodeDatagram(_, out) {
      out.emit();
      return Verdict.Accepted;
    },
  };
  const path = "runtime/packet/captures/tunnels.pcapng";
  const rows = await rowsOf(path, true, [every]);
  expect(rows).toEqual(await rowsOf(path, false, [every]));
  const kinds = new Set(rows.flat().flatMap((row) => row["tunnel_kinds"] as string[]));
  // Those of LISP and AYIYA there are of TCP.
  const { UNSPECIFIED: _, LISP: __, AYIYA: ___, ...others } = TunnelKind;
  expect([...kinds].sort()).toEqual(Object.keys(others).sort());
});

describe("the filter of one plugin", () => {
  const filter = unionFilter([findPlugin(plugins, "ntp")], layers)!;
  const passes = (hex: string, linkType: number = LinkType.Ethernet) => {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    return runFilter(compileFilter(filter(linkType), linkType, 65535), bytes, 0, bytes.length, bytes.length) !== 0;
  };
  const addresses = "020000000002 020000000001";
  const ntp = `0800 ${datagramHex(123, "616263")}`;

  test.each([
    ["its datagrams", ntp],
    ["its datagrams with a tag", `8100 0005 ${ntp}`],
    ["its datagrams with two tags", `88a8 0006 8100 0005 ${ntp}`],
    ["its datagrams with three tags", `88a8 0007 88a8 0006 8100 0005 ${ntp}`],
    ["VXLAN", `0800 ${datagramHex(4789, "0800000000138800")}`],
    ["VXLAN with a tag", `8100 0005 0800 ${datagramHex(4789, "0800000000138800")}`],
    ["GTP-U from its server", `0800 ${datagramHex(9000, "30ff000000000001", 2152)}`],
    ["GRE", `0800 ${ipv4Hex(47, `00000800 ${UDP_IN_IPV4}`)}`],
    ["GRE over IPv6", `86dd ${ipv6Hex(47, `00000800 ${UDP_IN_IPV4}`)}`],
    ["MPLS", `8847 00010140 ${UDP_IN_IPV4}`],
    ["PPPoE with a tag", `8100 0005 8864 11 00 0007 0021 0021 ${UDP_IN_IPV4}`],
    ["a later fragment", `0800 ${ipv4Hex(17, "616263", "0002")}`],
    ["a later fragment of IPv6", `86dd ${ipv6Hex(44, "11 00 0009 00000001 616263")}`],
    ["options of IPv6", `86dd ${ipv6Hex(60, "11 00 01040000 0000 c000007b000b0000616263")}`],
    ["LLC", "0026 aaaa03 000000 0800 4500"],
  ])("passes %s", (_, hex) => expect(passes(`${addresses} ${hex}`)).toBe(true));

  test.each([
    ["other datagrams", `0800 ${datagramHex(53, "616263")}`],
    ["other datagrams with two tags", `88a8 0006 8100 0005 0800 ${datagramHex(53, "616263")}`],
    ["the first fragment of others", `0800 ${ipv4Hex(17, "c0000035 000b0000 616263", "2000")}`],
    ["TCP", `0800 ${ipv4Hex(6, "c0000050 00000001 00000000 50020000 00000000")}`],
    ["ARP", "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"],
  ])("leaves out %s", (_, hex) => expect(passes(`${addresses} ${hex}`)).toBe(false));

  test("is valid for every link type, and passes everything where libpcap knows less than the layers", () => {
    for (const linkType of [...Object.values(LinkType), 147]) passes("00", linkType);
    for (const linkType of [LinkType.Raw, LinkType.Ipv4, LinkType.RawBsd]) {
      expect(passes(datagramHex(123, "616263"), linkType)).toBe(true);
      expect(passes(datagramHex(53, "616263"), linkType)).toBe(false);
    }
    const sll = "0000 0001 0006 020000000001 0000";
    expect(passes(`${sll} ${ntp}`, LinkType.Sll)).toBe(true);
    expect(passes(`${sll} 0800 ${datagramHex(53, "616263")}`, LinkType.Sll)).toBe(false);
    expect(passes(`${sll} 8100 0005 ${ntp}`, LinkType.Sll)).toBe(true);
    expect(passes("00", LinkType.Nflog)).toBe(true);
  });

  test("passes the tunnels of plugins", () => {
    const tunnels = [{ kinds: [1000], udpPorts: [37008], ipProtocols: [253], decode: () => -1 }];
    const trial = { ...findPlugin(plugins, "dns"), tunnels };
    const expression = unionFilter([findPlugin(plugins, "ntp")], layersOf([trial]))!(LinkType.Raw);
    expect(expression).toContain("udp port 37008");
    expect(expression).toContain("ip proto 253");
  });
});

test("a plugin that sees every packet, and none at all, make the filter everything", () => {
  expect(unionFilter(plugins, layers)).toBeUndefined();
  expect(unionFilter([], layers)).toBeUndefined();
});
