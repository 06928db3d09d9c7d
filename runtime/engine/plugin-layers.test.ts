import { describe, expect, test } from "vitest";
import { registry } from "../../generated/registry.js";
import { datagramHex, FRAME_WITH_IPV4, ipv4Hex, UDP_IN_IPV4 } from "../packet/testing/packets.js";
import {
  enterPayload,
  enterTunnel,
  Layer,
  type LayerDecoder,
  type LinkTypeDecoder,
  type Packet,
  type Plugin,
  type Tunnel,
  TunnelKind,
} from "../plugin/index.js";
import { findPlugin } from "../plugin/testing/decode-rows.js";
import { type BenchConfiguration, DecoderBench } from "../plugin/testing/decoder-bench.js";
import type { DecoderFault } from "./decoder-fault.js";
import { layersOf } from "./plugin-layers.js";

const flow = findPlugin(registry.plugins, "flow");
const ADDRESSES = "020000000002 020000000001";

/** A header of 0x77, two bytes and an identifier, then an Ethernet frame. */
const tunnel: Tunnel = {
  kinds: [1000],
  udpPorts: [37008],
  ipProtocols: [253],
  etherTypes: [0x88b5],
  decode: (packet, bytes, start, end) =>
    end - start < 4 || bytes[start] !== 0x77
      ? Layer.End
      : enterTunnel(packet, bytes, 1000, bytes[start + 3]!, start + 4, Layer.Ethernet),
};
const INNER = `77000005 ${FRAME_WITH_IPV4}`;

/** Two bytes, then IP. */
const linkType: LinkTypeDecoder = {
  linkTypes: [147],
  decode(packet, _, start, end) {
    if (end - start < 2) return Layer.End;
    enterPayload(packet, start + 2);
    return Layer.Ip;
  },
};

/** A plugin that is not bound to traffic. */
function pluginWith(rows: Pick<Plugin, "tunnels" | "linkTypes">, resource = "trial"): Plugin {
  const { table, codec, limits, bindings } = findPlugin(registry.plugins, "ntp");
  return {
    table: { ...table, resource },
    codec,
    limits,
    options: [],
    captureFilter: "udp port 9",
    bindings: { ...bindings, udpPorts: [] },
    ...rows,
  };
}

/** The flow of one frame. */
function flowOf(hex: string, configuration: BenchConfiguration, ...plugins: readonly Plugin[]) {
  const bench = DecoderBench.configured(configuration, flow, ...plugins);
  bench.frame(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  const rows = bench.finish();
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

describe("a tunnel of a plugin", () => {
  const trial = pluginWith({ tunnels: [tunnel] });

  test.each([
    ["UDP", `${ADDRESSES} 0800 ${datagramHex(37008, INNER)}`, "192.0.2.1"],
    ["IP", `${ADDRESSES} 0800 ${ipv4Hex(253, INNER)}`, "192.0.2.1"],
    ["Ethernet", `${ADDRESSES} 88b5 ${INNER}`, "0.0.0.0"],
    ["a tunnel of the runtime", `${ADDRESSES} 0800 ${ipv4Hex(47, `00000800 ${ipv4Hex(253, INNER)}`)}`, "192.0.2.1"],
  ])("in %s is decoded, and its kind is a number", (_, hex, outer) => {
    const row = flowOf(hex, {}, trial);
    expect(row).toMatchObject({ src_address: "10.0.0.1", dst_address: "10.0.0.2", dst_port: 53, transport: "UDP" });
    const last = (name: string) => (row[name] as unknown[]).at(-1);
    expect([last("tunnel_kinds"), last("tunnel_ids"), last("tunnel_src_addresses")]).toEqual([1000, 5, outer]);
  });

  test("is decoded for other plugins if its own plugin does not make rows", () => {
    const row = flowOf(`${ADDRESSES} 88b5 ${INNER}`, { layerPlugins: [flow, trial] });
    expect(row).toMatchObject({ src_address: "10.0.0.1", tunnel_kinds: [1000] });
  });

  test("is not entered by another pipeline, nor from its client's port, nor with another header", () => {
    const inUdp = (hex: string) => `${ADDRESSES} 0800 ${hex}`;
    expect(flowOf(inUdp(datagramHex(37008, INNER)), {})).toMatchObject({ dst_port: 37008, tunnel_kinds: [] });
    expect(flowOf(inUdp(datagramHex(9000, INNER, 37008)), {}, trial)).toMatchObject({ tunnel_kinds: [] });
    expect(flowOf(inUdp(datagramHex(37008, `78${INNER.slice(2)}`)), {}, trial)).toMatchObject({ tunnel_kinds: [] });
  });

  test("is entered from its client's port where it has clients", () => {
    const withClients = pluginWith({ tunnels: [{ ...tunnel, hasClients: true }] });
    const row = flowOf(`${ADDRESSES} 0800 ${datagramHex(9000, INNER, 37008)}`, {}, withClients);
    expect(row).toMatchObject({ dst_port: 53, tunnel_kinds: [1000] });
  });

  test("that throws or would be decoded endlessly is counted, and the packet is left unchanged", () => {
    const loop = pluginWith({ tunnels: [{ kinds: [1000], ipProtocols: [253], decode: () => 253 }] });
    const wrong = pluginWith({ tunnels: [{ kinds: [1000], ipProtocols: [253], decode: () => Number.NaN }] });
    const failing = pluginWith({
      tunnels: [
        {
          kinds: [1000],
          ipProtocols: [253],
          decode() {
            throw new Error("no such header");
          },
        },
      ],
    });
    for (const [plugin, message] of [
      [loop, "tunnels returned 253, which is not a layer, with a tunnel or a header before it"],
      [wrong, "tunnels returned NaN, which is not a layer, with a tunnel or a header before it"],
      [failing, "no such header"],
    ] as const) {
      for (const layerPlugins of [[plugin], undefined]) {
        const faults: DecoderFault[] = [];
        const onDecoderFault = (fault: DecoderFault) => faults.push(fault);
        const configuration = { onDecoderFault, ...(layerPlugins === undefined ? {} : { layerPlugins }) };
        const plugins = layerPlugins === undefined ? [plugin] : [];
        const row = flowOf(`${ADDRESSES} 0800 ${ipv4Hex(253, INNER)}`, configuration, ...plugins);
        expect(row).toMatchObject({ src_address: "192.0.2.1", tunnel_kinds: [] });
        expect(faults).toMatchObject([{ resource: "trial", hook: "tunnels", message, frameNumber: 1, count: 1 }]);
      }
    }
  });
});

/** What a decoder of a plugin may do to a packet before it fails. */
const damages: Readonly<Record<string, (packet: Packet, bytes: Uint8Array, start: number, end: number) => void>> = {
  "has skipped a header": (packet, _, start) => enterPayload(packet, start + 4),
  "has gone beyond the end": (packet, _, __, end) => enterPayload(packet, end + 1_000_000),
  "has gone back": (packet, _, start) => enterPayload(packet, start - 8),
  "has set a position that is not a number": (packet) => enterPayload(packet, Number.NaN),
  "has set a position within a byte": (packet, _, start) => enterPayload(packet, start + 4.5),
  "has entered a tunnel": (packet, bytes, start) => void enterTunnel(packet, bytes, 1000, 1, start + 4, Layer.Ethernet),
  "has removed its tunnels": (packet) => Object.assign(packet, { tunnels: null }),
  "has removed its time": (packet) => Object.assign(packet, { time: null }),
  "has replaced its bytes": (packet) => Object.assign(packet, { bytes: new Uint8Array(3) }),
  "has changed every member": (packet) => {
    for (const [name, value] of Object.entries(packet)) {
      if (typeof value === "number" || typeof value === "boolean") Object.assign(packet, { [name]: 7 });
    }
    packet.bytes = new Uint8Array(3);
    packet.time.set(9, 9);
  },
};

describe("a decoder of a plugin that fails after it", () => {
  const frame = (payload: string) => `${ADDRESSES} 0800 ${datagramHex(37008, payload)}`;
  const untouched = flowOf(frame(INNER), {});

  test.each(Object.entries(damages))("%s leaves the packet as it was", (_, damage) => {
    const decodes: Record<string, LayerDecoder> = {
      thrown(packet, bytes, start, end) {
        damage(packet, bytes, start, end);
        throw new Error("failed");
      },
      returned(packet, bytes, start, end) {
        damage(packet, bytes, start, end);
        return Number.NaN;
      },
    };
    for (const decode of Object.values(decodes)) {
      const faults: DecoderFault[] = [];
      const onDecoderFault = (fault: DecoderFault) => faults.push(fault);
      const plugin = pluginWith({ tunnels: [{ kinds: [1000], udpPorts: [37008], decode }] });
      const { id, ...row } = flowOf(frame(INNER), { onDecoderFault }, plugin);
      expect(row).toEqual({ ...untouched, id: undefined });
      expect(faults).toMatchObject([{ resource: "trial", hook: "tunnels", frameNumber: 1 }]);
    }
  });

  test("two packets of which it skipped a part are not taken for one captured twice", () => {
    const decode: LayerDecoder = (packet, _, start) => {
      enterPayload(packet, start + 4);
      throw new Error("failed");
    };
    const plugin = pluginWith({ tunnels: [{ kinds: [1000], udpPorts: [37008], decode }] });
    const bench = DecoderBench.configured({ onDecoderFault: () => undefined }, flow, plugin);
    for (const hex of [frame("00000001 aaaa"), frame("00000002 aaaa")]) {
      bench.frame(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    }
    expect(bench.finish()).toMatchObject([{ src_packets: 2, duplicates: 0 }]);
  });
});

test.each([
  ["tunnels", null],
  ["time", null],
  ["bytes", new Uint8Array(100)],
])("a decoder that replaces the packet's %s and returns a layer has failed", (name, value) => {
  const faults: DecoderFault[] = [];
  const decode: LayerDecoder = (packet, bytes, start, end) => {
    const layer = tunnel.decode(packet, bytes, start, end);
    Object.assign(packet, { [name]: value });
    return layer;
  };
  const frame = `${ADDRESSES} 0800 ${datagramHex(37008, INNER)}`;
  const plugin = pluginWith({ tunnels: [{ kinds: [1000], udpPorts: [37008], decode }] });
  const row = flowOf(frame, { onDecoderFault: (fault) => faults.push(fault) }, plugin);
  expect({ ...row, id: "" }).toEqual({ ...flowOf(frame, {}), id: "" });
  expect(faults).toMatchObject([{ resource: "trial", hook: "tunnels" }]);
});

test("a position of a link type that is not a whole number is a failure", () => {
  for (const distance of [Number.NaN, 0.5, -1, 1_000_000]) {
    const faults: DecoderFault[] = [];
    const onDecoderFault = (fault: DecoderFault) => faults.push(fault);
    const decode: LayerDecoder = (packet, _, start) => {
      enterPayload(packet, start + distance);
      return Layer.Ip;
    };
    const trial = pluginWith({ linkTypes: [{ linkTypes: [147], decode }] });
    const bench = DecoderBench.configured({ linkType: 147, onDecoderFault }, trial);
    bench.frame(Buffer.alloc(60));
    expect(faults, `${distance}`).toMatchObject([{ resource: "trial", hook: "linkTypes" }]);
  }
});

test("a tunnel of a plugin may carry IP of either version", () => {
  const decode: LayerDecoder = (packet, bytes, start) => enterTunnel(packet, bytes, 1000, 1, start + 4, Layer.Ip);
  const plugin = pluginWith({ tunnels: [{ kinds: [1000], udpPorts: [37008], decode }] });
  const row = flowOf(`${ADDRESSES} 0800 ${datagramHex(37008, `77000005 ${UDP_IN_IPV4}`)}`, {}, plugin);
  expect(row).toMatchObject({ src_address: "10.0.0.1", dst_port: 53, tunnel_kinds: [1000] });
});

describe("a link type of a plugin", () => {
  const trial = pluginWith({ linkTypes: [linkType] });

  test("is decoded, alone and in a packet tap", () => {
    const hex = `abcd ${UDP_IN_IPV4}`;
    const tap = `0c000000 01000000 93000000 ${hex}`;
    expect(flowOf(hex, { linkType: 147 }, trial)).toMatchObject({ src_address: "10.0.0.1", dst_port: 53 });
    expect(flowOf(tap, { linkType: 258 }, trial)).toMatchObject({ src_address: "10.0.0.1", dst_port: 53 });
  });

  test("that refers to itself endlessly is counted", () => {
    const faults: DecoderFault[] = [];
    const loop = pluginWith({ linkTypes: [{ linkTypes: [147], decode: () => Layer.FirstLinkType + 147 }] });
    const onDecoderFault = (fault: DecoderFault) => faults.push(fault);
    const bench = DecoderBench.configured({ linkType: 147, onDecoderFault }, loop);
    bench.frame(Buffer.alloc(60));
    expect(faults).toMatchObject([{ resource: "trial", hook: "linkTypes" }]);
  });
});

describe("numbers that cannot be a plugin's are refused", () => {
  const decode = () => Layer.End;
  const { VXLAN } = TunnelKind;
  test.each<[name: string, rows: Pick<Plugin, "tunnels" | "linkTypes">, message: string]>([
    [
      "a built-in tunnel's port",
      { tunnels: [{ kinds: [1000], udpPorts: [4789], decode }] },
      "plugin trial has UDP port 4789, and so has the runtime; give one of them another number, or remove it",
    ],
    [
      "a built-in tunnel's protocol",
      { tunnels: [{ kinds: [1000], ipProtocols: [47], decode }] },
      "plugin trial has IP protocol 47, and so has the runtime",
    ],
    ["TCP", { tunnels: [{ kinds: [1000], ipProtocols: [6], decode }] }, "plugin trial has IP protocol 6, and so has"],
    ["UDP", { tunnels: [{ kinds: [1000], ipProtocols: [17], decode }] }, "plugin trial has IP protocol 17, and so has"],
    [
      "ARP",
      { tunnels: [{ kinds: [1000], etherTypes: [0x806], decode }] },
      "plugin trial has Ethernet type 0x0806, and",
    ],
    ["Ethernet", { linkTypes: [{ linkTypes: [1], decode }] }, "plugin trial has link type 1, and so has the runtime"],
    ["one number twice", { linkTypes: [linkType, linkType] }, "plugin trial has link type 147 twice"],
    ["no place", { tunnels: [{ kinds: [1000], decode }] }, "a tunnel of plugin trial has no udpPorts, ipProtocols or"],
    ["port 0", { tunnels: [{ kinds: [VXLAN], udpPorts: [0], decode }] }, "the number 0, which is not a UDP port"],
    ["a length", { tunnels: [{ kinds: [VXLAN], etherTypes: [64], decode }] }, "64, which is not an Ethernet type"],
    [
      "an unassigned kind",
      { tunnels: [{ kinds: [999], udpPorts: [9], decode }] },
      "999, which is not a TunnelKind, nor",
    ],
    [
      "a table that is not a list",
      // As an author's code may be without type checks.
      { tunnels: 37008 as unknown as readonly Tunnel[] },
      "tunnels of plugin trial is not a list; write its rows in brackets: [{ … }]",
    ],
    ["link type -1", { linkTypes: [{ linkTypes: [-1], decode }] }, "the number -1, which is not a link type"],
  ])("%s", (_, rows, message) => {
    const plugins = [pluginWith(rows)];
    const refusal = expect.objectContaining({ code: "usage", message: expect.stringContaining(message) });
    expect(() => layersOf(plugins)).toThrow(refusal);
    expect(() => DecoderBench.configured({}, ...plugins)).toThrow(refusal);
  });

  test("a port, a link type and a kind of another plugin", () => {
    const other = (rows: Pick<Plugin, "tunnels" | "linkTypes">) => [
      pluginWith({ tunnels: [tunnel], linkTypes: [linkType] }),
      pluginWith(rows, "other"),
    ];
    expect(() => layersOf(other({ tunnels: [{ kinds: [VXLAN], udpPorts: [37008], decode }] }))).toThrow(
      "plugin other has UDP port 37008, and so has plugin trial",
    );
    expect(() => layersOf(other({ linkTypes: [linkType] }))).toThrow(
      "plugin other has link type 147, and so has plugin trial",
    );
    expect(() => layersOf(other({ tunnels: [{ kinds: [1000], udpPorts: [9], decode }] }))).toThrow(
      "plugin other has tunnel kind 1000, and so has plugin trial",
    );
    expect(() => layersOf(other({ tunnels: [{ kinds: [VXLAN, 1001], udpPorts: [9], decode }] }))).not.toThrow();
  });
});
