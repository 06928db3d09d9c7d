import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { comparedColumns } from "./comparison-plan.js";
import { defaultPlan } from "./default-plan.js";
import type { TsharkCapture } from "./tshark-capture.js";
import type { TsharkFrame } from "./tshark-frame.js";

const { table, bindings } = findPlugin(registry.plugins, "dns");
const plan = defaultPlan({ table, bindings });
const column = (name: string) => table.columns.find((each) => each.name === name)!;

function captureOf(...frames: readonly TsharkFrame[]): TsharkCapture {
  return { frames, packets: [], problem: undefined };
}

describe("the default plan", () => {
  it("takes a frame for the plugin's by the protocols of the Wireshark names, unless an error quotes it", () => {
    const ntp = defaultPlan(findPlugin(registry.plugins, "ntp"));
    expect(ntp.isOf({ ntp: ["Network Time Protocol"] })).toBe(true);
    expect(ntp.isOf({ ntp: ["Network Time Protocol"], icmp: ["Internet Control Message Protocol"] })).toBe(false);
    expect(ntp.isOf({ udp: ["User Datagram Protocol"] })).toBe(false);
    const icmp = defaultPlan(findPlugin(registry.plugins, "icmp"));
    expect(icmp.isOf({ icmpv6: ["Internet Control Message Protocol v6"] })).toBe(true);
  });

  it("has a row stand for its request's frame and its response's", () => {
    expect(plan.framesOf({ frame_number: "3", response_frame: "5" })).toEqual([3, 5]);
    expect(plan.framesOf({ frame_number: "3", response_frame: null })).toEqual([3]);
    expect(plan.framesOf({ frame_number: "3", response_frame: "3" })).toEqual([3]);
    const ntp = defaultPlan(findPlugin(registry.plugins, "ntp"));
    expect(ntp.framesOf({ frame_number: "3" })).toEqual([3]);
  });

  it("compares a column with the frame that has its field, the request's first", () => {
    const query = { "dns.id": ["0x0001"], "dns.qry.name": ["a.example"] };
    const response = { ...query, "dns.flags.rcode": ["0"] };
    const capture = captureOf(query, response);
    const row = { frame_number: "1", response_frame: "2" };
    const frames = ["src_address", "query_name", "rcode", "latency", "response_frame"].map((name) =>
      plan.frameOf(column(name), row, capture),
    );
    expect(frames).toEqual([1, 1, 2, 2, 1]);
    const open = { frame_number: "1", response_frame: null };
    expect(plan.frameOf(column("latency"), open, capture)).toBe(null);
    expect(plan.frameOf(column("rcode"), open, capture)).toBe(1);
    const lone = { frame_number: "2", response_frame: "2" };
    expect(plan.frameOf(column("response_frame"), lone, capture)).toBe(undefined);
    expect(plan.frameOf(column("rcode"), lone, capture)).toBe(2);
  });

  it("compares the observation alone where no column of the plugin's own has a Wireshark name", () => {
    const columns = table.columns.map((each) =>
      each.messagePath[0] === "observation" ? each : { ...each, wireshark: [] },
    );
    const unknown = defaultPlan({ table: { ...table, columns }, bindings });
    expect([unknown.isUnknown, plan.isUnknown]).toEqual([true, false]);
    expect([unknown.isOf({ "ip.src": ["192.0.2.1"] }), unknown.isOf({ data: ["00"] })]).toEqual([true, false]);
    expect(comparedColumns(unknown).map(({ name }) => name)).toEqual([
      ...["src_address", "dst_address", "src_port", "dst_port", "community_id", "frame_number"],
    ]);
  });

  it("expects no ports and addresses of packets that have none", () => {
    const names = (bound: Partial<typeof bindings>) => [
      ...defaultPlan({ table, bindings: { ...bindings, udpPorts: [], tcpPorts: [], ...bound } }).withoutCounterpart!,
    ];
    expect(names({ udpPorts: [53] })).toEqual([]);
    expect(names({ ipProtocols: [89] })).toEqual(["src_port", "dst_port"]);
    expect(names({ ethertypes: [0x88cc] })).toContain("src_address");
  });
});
