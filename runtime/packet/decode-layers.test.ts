import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLayers } from "./decode-layers.js";
import { LinkType } from "./link-type.js";
import { Packet } from "./packet.js";
import { packetFromHex, payloadHex } from "./packet-from-hex.js";

// UDP from 10.0.0.1 port 49152 to 10.0.0.2 port 53.
const IPV4 = "4500001f00010000401100000a0000010a000002 c0000035000b0000616263";
const IPV6 =
  "60000000000b1140 20010db8000000000000000000000001 20010db8000000000000000000000002 c0000035000b0000616263";

const wrappings: readonly [string, number, string][] = [
  ["Ethernet", LinkType.Ethernet, `020000000002020000000001 0800 ${IPV4}`],
  ["raw IPv4", LinkType.Raw, IPV4],
  ["raw IPv6", LinkType.Raw, IPV6],
  ["raw of BSD", LinkType.RawBsd, IPV4],
  ["raw of OpenBSD", LinkType.RawOpenBsd, IPV6],
  ["IPv4 only", LinkType.Ipv4, IPV4],
  ["IPv6 only", LinkType.Ipv6, IPV6],
  ["BSD loopback, little-endian IPv4", LinkType.Null, `02000000 ${IPV4}`],
  ["BSD loopback, big-endian IPv6 of macOS", LinkType.Null, `0000001e ${IPV6}`],
  ["OpenBSD loopback", LinkType.Loop, `00000018 ${IPV6}`],
  // Packet type 0, hardware type 1, address length 6, address, protocol.
  ["Linux cooked", LinkType.LinuxSll, `0000 0001 0006 020000000001 0000 0800 ${IPV4}`],
  ["Linux cooked with a tag", LinkType.LinuxSll, `0000 0001 0006 020000000001 0000 8100 0005 86dd ${IPV6}`],
  // Protocol, reserved, interface index, hardware type, packet type, address length, address.
  ["Linux cooked 2", LinkType.LinuxSll2, `0800 0000 00000002 0001 00 06 020000000001 0000 ${IPV4}`],
];

describe("link types", () => {
  test.each(wrappings)("%s leads to the datagram", (_, linkType, hex) => {
    const packet = packetFromHex(hex, { linkType });
    expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([49152, 53, "616263"]);
    expect(packet.payloadLengthBytes).toBe(3);
  });

  test("a link type that is not known leaves the whole frame as payload", () => {
    const packet = packetFromHex("0102", { linkType: 147 });
    expect(decodeLayers(packet, 147)).toBe(false);
    expect(payloadHex(packet)).toBe("0102");
  });

  test("netlink messages and 802.2 frames in cooked captures have no Ethernet type", () => {
    expect(
      packetFromHex(`0004 0338 0000 0000000000000000 0800 ${IPV4}`, { linkType: LinkType.LinuxSll }).ipVersion,
    ).toBe(0);
    expect(packetFromHex("0000 0001 0006 020000000001 0000 0004 4242", { linkType: LinkType.LinuxSll }).etherType).toBe(
      0,
    );
  });
});

test("nothing of the packet before is left", () => {
  const packet = packetFromHex(`020000000002020000000001 8100 0005 0800 ${IPV4}`);
  const fresh = new Packet();
  fresh.bytes = packet.bytes;
  packet.frameEnd = packet.frameStart;
  packet.originalLengthBytes = 0;
  fresh.frameStart = packet.frameStart;
  fresh.frameEnd = packet.frameEnd;
  decodeLayers(packet, LinkType.Ethernet);
  decodeLayers(fresh, LinkType.Ethernet);
  expect(packet).toEqual(fresh);
});

test("no bytes make it throw or look outside the frame", () => {
  const linkTypes = [...Object.values(LinkType), 147];
  const starts = wrappings.map(([, , hex]) => Buffer.from(hex.replaceAll(" ", ""), "hex"));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    // A good packet with some of its bytes changed, and cut.
    fc
      .tuple(fc.constantFrom(...starts), fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }), fc.nat(90))
      .map(([start, changes, length]) => {
        const changed = Uint8Array.from(start);
        for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
        return changed.slice(0, length);
      }),
  );
  fc.assert(
    fc.property(bytes, fc.constantFrom(...linkTypes), fc.nat(2000), (frame, linkType, more) => {
      const decoded = [0x00, 0xff].map((filler) => decodeBetween(frame, filler, linkType, frame.length + more));
      const [packet, other] = decoded as [Packet, Packet];
      expect(packet.start).toBeGreaterThanOrEqual(packet.frameStart);
      expect(packet.end).toBeGreaterThanOrEqual(packet.start);
      expect(packet.end).toBeLessThanOrEqual(packet.frameEnd);
      expect(packet.networkEnd).toBeLessThanOrEqual(packet.frameEnd);
      expect(packet.payloadLengthBytes).toBeGreaterThanOrEqual(0);
      // Bytes outside the frame must not matter.
      packet.bytes = other.bytes;
      expect(packet).toEqual(other);
    }),
    { numRuns: 3000 },
  );
});

function decodeBetween(frame: Uint8Array, filler: number, linkType: number, originalLengthBytes: number): Packet {
  const packet = new Packet();
  packet.bytes = new Uint8Array(frame.length + 128).fill(filler);
  packet.bytes.set(frame, 64);
  packet.frameStart = 64;
  packet.frameEnd = 64 + frame.length;
  packet.originalLengthBytes = originalLengthBytes;
  decodeLayers(packet, linkType);
  return packet;
}
