import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TunnelKind } from "../../generated/wireloom/v1/observation_enums.js";
import { Defragmenter, type FragmentLimits } from "./defragmenter.js";
import { LinkType } from "./link-type.js";
import type { Packet } from "./packet.js";
import { packetFromHex } from "./testing/packet-from-hex.js";
import { ipv4Hex, UDP_IN_IPV6 } from "./testing/packets.js";
import { expectSample, tunnelsOf } from "./tunnel/testing/tunnel.js";

const LIMITS: FragmentLimits = { maxDatagrams: 16, maxBytes: 1 << 20, timeoutMs: 30_000 };

/** UDP header: ports 53 and 40000, length 8 + 40, no checksum. */
const UDP = "0035 9c40 0030 0000".replaceAll(" ", "");
const PAYLOAD = UDP + Array.from({ length: 40 }, (_, i) => i.toString(16).padStart(2, "0")).join("");

interface Fragment {
  readonly start: number;
  readonly end: number;
  readonly isLast?: boolean;
  readonly identification?: number;
  /** Hex digits that replace those of {@link PAYLOAD}. */
  readonly bytes?: string;
}

/** Ethernet, IPv4 (192.0.2.1 to 192.0.2.53, UDP, flags and offset at byte 6) and a part of the payload. */
function ipv4({ start, end, isLast = end === 48, identification = 7, bytes }: Fragment): Packet {
  const part = bytes ?? PAYLOAD.slice(start * 2, end * 2);
  const flags = ((isLast ? 0 : 0x2000) | (start >> 3)).toString(16).padStart(4, "0");
  const total = (20 + part.length / 2).toString(16).padStart(4, "0");
  const id = identification.toString(16).padStart(4, "0");
  return packetFromHex(`020000000001 020000000002 0800 4500${total}${id}${flags}40110000 c0000201 c0000235 ${part}`);
}

/** Ethernet, IPv6 (2001:db8::1 to 2001:db8::35), a fragment header and a part of the payload. */
function ipv6({ start, end, isLast = end === 48, identification = 7 }: Fragment): Packet {
  const part = PAYLOAD.slice(start * 2, end * 2);
  const length = (8 + part.length / 2).toString(16).padStart(4, "0");
  const offset = (start | (isLast ? 0 : 1)).toString(16).padStart(4, "0");
  const id = identification.toString(16).padStart(8, "0");
  const addresses = "20010db8000000000000000000000001 20010db8000000000000000000000035";
  return packetFromHex(`020000000001 020000000002 86dd 60000000${length}2c40 ${addresses} 1100${offset}${id}${part}`);
}

function payloadOf(packet: Packet): string {
  return Buffer.from(packet.bytes.subarray(packet.start, packet.end)).toString("hex");
}

describe.each([
  ["IPv4", ipv4],
  ["IPv6", ipv6],
])("%s", (_, fragment) => {
  it("datagrams are reassembled in any order, with their ports and without the marks of fragments", () => {
    const parts: Fragment[] = [
      { start: 0, end: 16 },
      { start: 16, end: 32 },
      { start: 32, end: 48 },
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: 3 }), (order) => {
        const defragmenter = new Defragmenter(LIMITS);
        const packets = order.map(fragment);
        expect(packets.map((packet) => defragmenter.add(packet))).toEqual([false, false, true]);
        const whole = packets[2]!;
        expect(payloadOf(whole)).toBe(PAYLOAD.slice(16));
        expect([whole.srcPort, whole.dstPort, whole.payloadLengthBytes]).toEqual([53, 40000, 40]);
        expect([whole.isFragment, whole.fragmentOffset, whole.hasMoreFragments]).toEqual([false, 0, false]);
        expect(defragmenter.counters.reassembled).toBe(1);
      }),
    );
  });

  it("fragments of different identification are kept separate", () => {
    const defragmenter = new Defragmenter(LIMITS);
    expect(defragmenter.add(fragment({ start: 0, end: 24, identification: 1 }))).toBe(false);
    expect(defragmenter.add(fragment({ start: 24, end: 48, identification: 2 }))).toBe(false);
    expect(defragmenter.add(fragment({ start: 24, end: 48, identification: 1 }))).toBe(true);
  });

  it("a repeated fragment is ignored", () => {
    const defragmenter = new Defragmenter(LIMITS);
    defragmenter.add(fragment({ start: 0, end: 24 }));
    expect(defragmenter.add(fragment({ start: 0, end: 24 }))).toBe(false);
    expect(defragmenter.add(fragment({ start: 24, end: 48 }))).toBe(true);
    expect(defragmenter.counters.contradictory).toBe(0);
  });

  it("a later fragment has the ports of the first one", () => {
    const defragmenter = new Defragmenter(LIMITS);
    defragmenter.add(fragment({ start: 0, end: 16 }));
    const later = fragment({ start: 16, end: 32 });
    defragmenter.add(later);
    expect([later.srcPort, later.dstPort]).toEqual([53, 40000]);
  });

  it("a datagram that waits for too long is given up", () => {
    const defragmenter = new Defragmenter(LIMITS);
    const first = fragment({ start: 0, end: 24 });
    first.arrival = 1000e9;
    defragmenter.add(first);
    const later = fragment({ start: 24, end: 48 });
    later.arrival = 1030e9;
    defragmenter.advance(later.arrival);
    expect(defragmenter.counters.incomplete).toBe(1);
    expect(defragmenter.add(later)).toBe(false);
  });
});

it("an IPv6 datagram whose fragments overlap is dropped with all its later fragments (RFC 5722, section 4)", () => {
  const defragmenter = new Defragmenter(LIMITS);
  defragmenter.add(ipv6({ start: 0, end: 24 }));
  defragmenter.add(ipv6({ start: 16, end: 32 }));
  expect(defragmenter.add(ipv6({ start: 24, end: 48 }))).toBe(false);
  expect(defragmenter.add(ipv6({ start: 0, end: 24 }))).toBe(false);
  expect(defragmenter.counters).toEqual({ reassembled: 0, incomplete: 0, contradictory: 1, evicted: 0 });
});

describe("IPv4 as in Linux since 4.20", () => {
  it("a fragment within bytes that have arrived is ignored, whatever its content", () => {
    const defragmenter = new Defragmenter(LIMITS);
    defragmenter.add(ipv4({ start: 0, end: 16 }));
    defragmenter.add(ipv4({ start: 16, end: 32 }));
    expect(defragmenter.add(ipv4({ start: 8, end: 24, bytes: "ff".repeat(16) }))).toBe(false);
    const last = ipv4({ start: 32, end: 48 });
    expect(defragmenter.add(last)).toBe(true);
    expect(payloadOf(last)).toBe(PAYLOAD.slice(16));
  });

  it("a partial overlap drops the earlier fragments, and later fragments begin another datagram", () => {
    const defragmenter = new Defragmenter(LIMITS);
    defragmenter.add(ipv4({ start: 0, end: 24 }));
    expect(defragmenter.add(ipv4({ start: 16, end: 40 }))).toBe(false);
    expect(defragmenter.counters.contradictory).toBe(1);
    defragmenter.add(ipv4({ start: 0, end: 24 }));
    expect(defragmenter.add(ipv4({ start: 24, end: 48 }))).toBe(true);
  });

  it("a fragment of an odd length before the last one is truncated to a multiple of eight bytes", () => {
    const defragmenter = new Defragmenter(LIMITS);
    defragmenter.add(ipv4({ start: 0, end: 19, isLast: false }));
    const last = ipv4({ start: 16, end: 48 });
    expect(defragmenter.add(last)).toBe(true);
    expect(payloadOf(last)).toBe(PAYLOAD.slice(16));
  });
});

describe("invalid fragments", () => {
  it("end the datagram if they state two ends, or have bytes after the end", () => {
    const defragmenter = new Defragmenter(LIMITS);
    defragmenter.add(ipv4({ start: 32, end: 48 }));
    defragmenter.add(ipv4({ start: 48, end: 56, bytes: "00".repeat(8), isLast: false }));
    expect(defragmenter.counters.contradictory).toBe(1);
  });

  it("are ignored beyond 65535 bytes", () => {
    const defragmenter = new Defragmenter(LIMITS);
    expect(defragmenter.add(ipv4({ start: 65528, end: 65544, bytes: "00".repeat(16), isLast: true }))).toBe(false);
    expect(defragmenter.counters.contradictory).toBe(0);
  });
});

it("follows the tunnels inside a reassembled datagram", () => {
  const inner = UDP_IN_IPV6.replaceAll(" ", "");
  const first = packetFromHex(ipv4Hex(41, inner.slice(0, 48), "2000"), { linkType: LinkType.Raw });
  const last = packetFromHex(ipv4Hex(41, inner.slice(48), "0003"), { linkType: LinkType.Raw });
  const defragmenter = new Defragmenter(LIMITS);
  expect(defragmenter.add(first)).toBe(false);
  expect(defragmenter.add(last)).toBe(true);
  expect(tunnelsOf(last)).toEqual([[TunnelKind.IP, 0, "c0000201", "c0000202"]]);
  expectSample(last);
});

it("evicts the oldest datagrams if there are too many, and passes on the arrived parts", () => {
  const incomplete: number[] = [];
  const defragmenter = new Defragmenter({ ...LIMITS, maxDatagrams: 2 }, (packet) => {
    expect(packet.isTruncated).toBe(true);
    incomplete.push(packet.end - packet.transportStart);
  });
  for (let identification = 1; identification <= 3; identification++) {
    defragmenter.add(ipv4({ start: 0, end: 24, identification }));
  }
  expect(defragmenter.counters.evicted).toBe(1);
  // The arrived part is not lost.
  expect(incomplete).toEqual([24]);
  expect(defragmenter.add(ipv4({ start: 24, end: 48, identification: 1 }))).toBe(false);
  expect(defragmenter.add(ipv4({ start: 24, end: 48, identification: 3 }))).toBe(true);
});

it("gives up the oldest datagrams if their total length is too large", () => {
  const defragmenter = new Defragmenter({ ...LIMITS, maxBytes: 4000 });
  for (let identification = 1; identification <= 4; identification++) {
    defragmenter.add(ipv4({ start: 0, end: 24, identification }));
  }
  expect(defragmenter.counters.evicted).toBe(1);
});

it("accepts any fragments without an error, and never returns more bytes than arrived", () => {
  const piece = fc.record({
    start: fc.integer({ min: 0, max: 8191 }).map((block) => block * 8),
    length: fc.integer({ min: 0, max: 64 }),
    isLast: fc.boolean(),
    identification: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 50 }), (pieces) => {
      const defragmenter = new Defragmenter({ ...LIMITS, maxBytes: 4096 });
      for (const { start, length, isLast, identification } of pieces) {
        const packet = ipv4({ start, end: start + length, isLast, identification, bytes: "11".repeat(length) });
        if (packet.isFragment && defragmenter.add(packet)) expect(packet.end).toBeLessThanOrEqual(packet.bytes.length);
      }
      defragmenter.finish(0);
    }),
  );
});
