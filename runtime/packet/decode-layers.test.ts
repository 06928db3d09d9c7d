import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readLayers } from "../../test/conformance/layers/read-layers.js";
import { verifyChecksums } from "./checksums.js";
import { decodeLayers } from "./decode-layers.js";
import { LinkType } from "./link-type.js";
import { Packet } from "./packet.js";
import { packetFromHex, payloadHex } from "./testing/packet-from-hex.js";
import { UDP_IN_IPV4, UDP_IN_IPV6 } from "./testing/packets.js";

const CAPTURES = fileURLToPath(new URL("captures", import.meta.url));
const UNKNOWN_LINK_TYPE = 147;

const IPV4 = UDP_IN_IPV4;
// The same ports as in IPv4, so that one expectation holds for all.
const IPV6 = UDP_IN_IPV6.replace("c0010036", "c0000035");
const MAC = "020000000001";
// LLC and SNAP with an Ethernet type.
const SNAP = `aaaa03 000000 0800 ${IPV4}`;
// Data to the distribution system: frame control, duration, three addresses, sequence.
const WLAN = `0801 0000 ${MAC.repeat(3)} 1000`;

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
  ["Linux cooked", LinkType.Sll, `0000 0001 0006 020000000001 0000 0800 ${IPV4}`],
  ["Linux cooked with a tag", LinkType.Sll, `0000 0001 0006 020000000001 0000 8100 0005 86dd ${IPV6}`],
  ["Linux cooked with LLC", LinkType.Sll, `0000 0001 0006 020000000001 0000 0004 ${SNAP}`],
  ["Linux cooked with PPP", LinkType.Sll, `0000 0200 0000 0000000000000000 0007 ff03 0021 ${IPV4}`],
  ["Linux cooked frame relay", LinkType.Sll, `0000 0302 0000 0000000000000000 0000 1841 03cc ${IPV4}`],
  ["Linux cooked radiotap", LinkType.Sll, `0000 0323 0000 0000000000000000 0004 00000800 00000000 ${WLAN} ${SNAP}`],
  // Protocol, reserved, interface index, hardware type, packet type, address length, address.
  ["Linux cooked 2", LinkType.Sll2, `0800 0000 00000002 0001 00 06 020000000001 0000 ${IPV4}`],
  ["PPP", LinkType.Ppp, `ff03 0021 ${IPV4}`],
  ["PPP without address and control", LinkType.Ppp, `0057 ${IPV6}`],
  ["PPP with a protocol of one byte", LinkType.Ppp, `21 ${IPV4}`],
  ["PPP in HDLC framing", LinkType.PppHdlc, `ff03 0057 ${IPV6}`],
  ["Cisco's framing among PPP", LinkType.PppHdlc, `0f00 0800 ${IPV4}`],
  ["PPP after a direction", LinkType.PppWithDirection, `01 ff03 0021 ${IPV4}`],
  ["Cisco's HDLC", LinkType.CiscoHdlc, `8f00 86dd ${IPV6}`],
  ["Cisco's HDLC after a direction", LinkType.CiscoHdlcWithDirection, `00 0f00 0800 ${IPV4}`],
  ["frame relay", LinkType.FrameRelay, `1841 03cc ${IPV4}`],
  ["frame relay with an address of 4 bytes and IPv6", LinkType.FrameRelay, `18400201 038e ${IPV6}`],
  ["frame relay with SNAP", LinkType.FrameRelay, `1841 0300 80 000000 0800 ${IPV4}`],
  ["frame relay with PPP", LinkType.FrameRelay, `1841 03cf 0021 ${IPV4}`],
  ["frame relay with a bridged frame", LinkType.FrameRelay, `1841 0300 80 0080c2 0007 ${MAC}${MAC} 0800 ${IPV4}`],
  ["frame relay as Cisco has it", LinkType.FrameRelay, `1841 0800 ${IPV4}`],
  ["frame relay after a direction", LinkType.FrameRelayWithDirection, `01 1841 03cc ${IPV4}`],
  // Access and frame control, addresses; the second with 4 bytes of source routing.
  ["Token Ring", LinkType.TokenRing, `1040 020000000002 020000000001 ${SNAP}`],
  ["Token Ring with source routing", LinkType.TokenRing, `1040 020000000002 820000000001 0430 0011 ${SNAP}`],
  ["FDDI", LinkType.Fddi, `50 020000000002 020000000001 ${SNAP}`],
  ["ATM", LinkType.AtmRfc1483, SNAP],
  ["ATM with IP's number", LinkType.AtmRfc1483Dlt, `fefe03 cc ${IPV4}`],
  ["ATM with PPP", LinkType.AtmRfc1483, `fefe03 cf 0021 ${IPV4}`],
  ["ATM with a bridged frame", LinkType.AtmRfc1483, `aaaa03 0080c2 0007 0000 ${MAC}${MAC} 0800 ${IPV4}`],
  // Traffic type 2, path, circuit.
  ["SunATM", LinkType.SunAtm, `02 00 0021 ${SNAP}`],
  ["IEEE 802.11", LinkType.Ieee80211, `${WLAN} ${SNAP}`],
  // QoS control after the header.
  ["IEEE 802.11 with quality of service", LinkType.Ieee80211, `8801 0000 ${MAC.repeat(3)} 1000 0500 ${SNAP}`],
  // Fourth address, QoS control and HT control after the header.
  ["IEEE 802.11 with everything", LinkType.Ieee80211, `8883 0000 ${MAC.repeat(3)} 1000 ${MAC} 0000 00000000 ${SNAP}`],
  ["radiotap", LinkType.Ieee80211Radiotap, `00000800 00000000 ${WLAN} ${SNAP}`],
  // Length 144, then 136 bytes of values from the driver; in either byte order.
  ["Prism", LinkType.Ieee80211Prism, `44000000 90000000 ${"00".repeat(136)} ${WLAN} ${SNAP}`],
  ["Prism, big-endian", LinkType.Ieee80211Prism, `00000044 00000090 ${"00".repeat(136)} ${WLAN} ${SNAP}`],
  ["AVS", LinkType.Ieee80211Avs, `80211001 00000040 ${"00".repeat(56)} ${WLAN} ${SNAP}`],
  ["AVS for Prism", LinkType.Ieee80211Prism, `80211002 00000040 ${"00".repeat(56)} ${WLAN} ${SNAP}`],
  // Family, version, resource; an attribute of type 1 and 6 bytes, padded; the payload, of type 9.
  ["netfilter log", LinkType.Nflog, `02 00 0005 0600 0100 abcd 0000 2300 0900 ${IPV4}`],
  ["netfilter log, big-endian", LinkType.Nflog, `0a 00 0005 0006 0001 abcd 0000 0037 0009 ${IPV6}`],
  // Header of 61 bytes and 3 of padding.
  ["packet filter log", LinkType.Pflog, `3d020000 ${"00".repeat(60)} ${IPV4}`],
  ["OpenBSD's encapsulation", LinkType.Enc, `02000000 00001234 00000000 ${IPV4}`],
  // Version, family, hook, length, interface, group, zones.
  ["Solaris IP", LinkType.IpNet, `01020001 0000001f 00000001 00000000 00000001 00000001 ${IPV4}`],
  ["InfiniBand", LinkType.IpOverInfiniband, `${"00".repeat(40)} 0800 0000 ${IPV4}`],
  ["Fibre Channel", LinkType.IpOverFibreChannel, `${"0102030405060708".repeat(2)} ${SNAP}`],
  ["FireWire", LinkType.AppleIpOverFirewire, `${"0102030405060708".repeat(2)} 86dd ${IPV6}`],
  // Header of 12 bytes, packet, link type 1.
  ["packet tap", LinkType.Pktap, `0c000000 01000000 01000000 ${MAC}${MAC} 0800 ${IPV4}`],
  // Header of 8 bytes, Ethernet; of 32 with the field of IEEE 802.11.
  ["per-packet information", LinkType.Ppi, `00000800 01000000 ${MAC}${MAC} 0800 ${IPV4}`],
  [
    "per-packet information of 802.11",
    LinkType.Ppi,
    `00002000 69000000 02001400 ${"00".repeat(8)} 0000 ${"00".repeat(10)} ${WLAN} ${SNAP}`,
  ],
  // The chip's tag after the addresses, with or without a type of its own, or before all other headers.
  ["Marvell's switch chip", LinkType.Dsa, `${MAC}${MAC} c00a0000 0800 ${IPV4}`],
  ["Marvell's switch chip with a type", LinkType.Edsa, `${MAC}${MAC} dada0000 c0000000 86dd ${IPV6}`],
  ["Broadcom's switch chip", LinkType.BroadcomTag, `${MAC}${MAC} 20000008 0800 ${IPV4}`],
  ["Broadcom's switch chip in front", LinkType.BroadcomTagPrepended, `20000008 ${MAC}${MAC} 0800 ${IPV4}`],
];

describe("link types", () => {
  test.each(wrappings)("%s leads to the datagram", (_, linkType, hex) => {
    const packet = packetFromHex(hex, { linkType });
    expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([49152, 53, "616263"]);
    expect(packet.payloadLengthBytes).toBe(3);
  });

  // A field of 5 bytes, then the one of IEEE 802.11 whose flags announce a frame check sequence: unaligned, and at multiples of four bytes.
  test.each([
    `00002900 69000000 30050500 0102030405 02001400 ${"00".repeat(8)} 0100 ${"00".repeat(10)}`,
    `00012c00 69000000 30050500 0102030405 000000 02001400 ${"00".repeat(8)} 0100 ${"00".repeat(10)}`,
  ])("PPI %s excludes the frame check sequence", (header) => {
    const packet = packetFromHex(`${header} ${WLAN} ${SNAP} cccccccc`, { linkType: LinkType.Ppi });
    expect([payloadHex(packet), packet.payloadLengthBytes]).toEqual(["616263", 3]);
    for (const broken of [`01${header.slice(2)}`, header.replace("2900", "0700").replace("2c00", "0700")]) {
      const other = packetFromHex(`${broken} ${WLAN} ${SNAP} cccccccc`, { linkType: LinkType.Ppi });
      expect(other.ipVersion).toBe(0);
    }
  });

  test("an unknown link type leaves the whole frame as payload", () => {
    const packet = packetFromHex("0102", { linkType: UNKNOWN_LINK_TYPE });
    expect(decodeLayers(packet, UNKNOWN_LINK_TYPE)).toBe(false);
    expect(payloadHex(packet)).toBe("0102");
  });

  test.each(wrappings)("%s, truncated, does not", (_, linkType, hex) => {
    const whole = Buffer.from(hex.replaceAll(" ", ""), "hex");
    // The last 24 remaining bytes cannot hold an IP header and ports.
    for (let kept = 0; kept <= whole.length - 31 + 20; kept++) {
      const packet = packetFromHex(whole.subarray(0, kept).toString("hex"), {
        linkType,
        originalLengthBytes: whole.length,
      });
      expect(packet.dstPort).toBe(0);
    }
  });

  test("netlink messages and 802.2 frames in cooked captures have no Ethernet type", () => {
    expect(packetFromHex(`0004 0338 0000 0000000000000000 0800 ${IPV4}`, { linkType: LinkType.Sll }).ipVersion).toBe(0);
    expect(packetFromHex("0000 0001 0006 020000000001 0000 0004 4242", { linkType: LinkType.Sll }).etherType).toBe(0);
  });
});

test("no values of the previous packet remain", () => {
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

describe("any bytes", () => {
  const starts: [number, Uint8Array][] = wrappings.map(([, linkType, hex]) => [
    linkType,
    Buffer.from(hex.replaceAll(" ", ""), "hex"),
  ]);

  beforeAll(async () => {
    for (const name of readdirSync(CAPTURES)) {
      await readLayers(join(CAPTURES, name), ({ bytes, frameStart, frameEnd }, linkType) => {
        starts.push([linkType, bytes.slice(frameStart, frameEnd)]);
      });
    }
  });

  test("do not make it throw or read outside the frame", () => {
    const anything = fc.tuple(
      fc.constantFrom(...Object.values<number>(LinkType), UNKNOWN_LINK_TYPE),
      fc.uint8Array({ maxLength: 200 }),
    );
    // A valid packet with some of its bytes changed, truncated.
    const changed = fc
      .tuple(fc.nat(starts.length - 1), fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 6 }), fc.nat(400))
      .map(([index, changes, length]): [number, Uint8Array] => {
        const [linkType, start] = starts[index]!;
        const frame = Uint8Array.from(start);
        for (const [at, value] of changes) if (at < frame.length) frame[at] = value;
        return [linkType, frame.slice(0, length)];
      });
    fc.assert(
      fc.property(fc.oneof(anything, changed), fc.integer({ min: -60, max: 2000 }), ([linkType, frame], more) => {
        const decoded = [0x00, 0xff].map((filler) => decodeBetween(frame, filler, linkType, frame.length + more));
        const [packet, other] = decoded as [Packet, Packet];
        expect(packet.start).toBeGreaterThanOrEqual(packet.frameStart);
        expect(packet.end).toBeGreaterThanOrEqual(packet.start);
        expect(packet.end).toBeLessThanOrEqual(packet.frameEnd);
        expect(packet.networkEnd).toBeLessThanOrEqual(packet.frameEnd);
        expect(packet.payloadLengthBytes).toBeGreaterThanOrEqual(0);
        expect(verifyChecksums(packet)).toBe(verifyChecksums(other));
        // Bytes outside the frame must not matter.
        packet.bytes = other.bytes;
        expect(packet).toEqual(other);
      }),
      { numRuns: 2000 },
    );
  });
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
