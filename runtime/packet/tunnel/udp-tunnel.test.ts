import { describe, expect, test } from "vitest";
import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { LinkType } from "../link-type.js";
import { packetFromHex, payloadHex } from "../testing/packet-from-hex.js";
import { datagramHex, FRAME_WITH_IPV4, FRAME_WITH_IPV6, UDP_IN_IPV4, UDP_IN_IPV6 } from "../testing/packets.js";
import { expectNoTunnel, expectTunnel, tunnelsOf } from "./testing/tunnel.js";
import { TUNNELS } from "./tunnels.js";

const RAW = { linkType: LinkType.Raw };
const to = (port: number, payload: string, srcPort?: number) => packetFromHex(datagramHex(port, payload, srcPort), RAW);

describe("VXLAN", () => {
  test.each([
    ["Ethernet", `08000000 00138800 ${FRAME_WITH_IPV4}`],
    ["a group policy", `88080123 00138800 ${FRAME_WITH_IPV6}`],
  ])("with %s", (_, hex) => expectTunnel(to(4789, hex), TunnelKind.VXLAN, 5000));

  // RFC 7348, section 5: they are ignored on receipt.
  test.each(["08000001 00138800", "08000000 00138801", "ff01d1f2 0013880b", "0c000003 00138801"])(
    "with reserved bits set: %s",
    (header) => expectTunnel(to(4789, `${header} ${FRAME_WITH_IPV4}`), TunnelKind.VXLAN, 5000),
  );

  test("of the generic protocol extension on its port, with IP", () => {
    expectTunnel(to(4789, `0c000001 00138800 ${UDP_IN_IPV4}`), TunnelKind.VXLAN, 5000);
  });

  test("on Linux's old port", () => {
    expectTunnel(to(8472, `08000000 00138800 ${FRAME_WITH_IPV4}`), TunnelKind.VXLAN, 5000);
  });

  test("a frame without IP is the innermost packet", () => {
    const packet = to(4789, `08000000 00138800 ffffffffffff 020000000011 0806 0001080006040001`);
    expect(tunnelsOf(packet)).toEqual([[TunnelKind.VXLAN, 5000, "c0000201", "c0000202"]]);
    expect([packet.ipVersion, packet.ipProtocol, packet.addressLength, packet.etherType]).toEqual([0, 0, 0, 0x0806]);
    expect([packet.srcPort, packet.dstPort, packet.transportStart]).toEqual([0, 0, 0]);
    expect(payloadHex(packet)).toBe("0001080006040001");
  });

  test.each([
    ["no identifier", `00000000 00138800 ${FRAME_WITH_IPV4}`],
    ["reserved bits, and no likely frame", `08000001 00138800 0102030405060708090a0b0c 0800 ff`],
    ["a cut frame", "08000000 00138800 020000000012"],
  ])("with %s is not decoded", (_, hex) => expectNoTunnel(to(4789, hex), 17, hex));

  test.each([
    ["IPv4", `0c000001 00138900 ${UDP_IN_IPV4}`],
    ["IPv6", `0c000002 00138900 ${UDP_IN_IPV6}`],
    ["Ethernet", `0c000003 00138900 ${FRAME_WITH_IPV4}`],
    ["Ethernet without a protocol", `08000000 00138900 ${FRAME_WITH_IPV4}`],
    // Service header of 8 bytes: length 2 words, type 1, IPv4; path and index.
    ["a service header", `0c000004 00138900 0fc2 02 01 00000aff ${UDP_IN_IPV4}`],
  ])("of the generic protocol extension, with %s", (_, hex) => expectTunnel(to(4790, hex), TunnelKind.VXLAN, 5001));

  test("of the generic protocol extension, with operations or an unknown protocol, is not decoded", () => {
    for (const header of ["0d000001", "0c000009", "1c000001", "0c010001"]) {
      expectNoTunnel(to(4790, `${header} 00138900 ${UDP_IN_IPV4}`), 17, `${header} 00138900 ${UDP_IN_IPV4}`);
    }
  });
});

describe("Geneve", () => {
  test.each([
    ["Ethernet", `0000 6558 00138a00 ${FRAME_WITH_IPV4}`],
    ["IPv6", `0000 86dd 00138a00 ${UDP_IN_IPV6}`],
    // Two options, of one word and of none: class, type, length.
    ["options", `03c0 0800 00138a00 0102 80 01 00000001 0103 00 00 ${UDP_IN_IPV4}`],
  ])("with %s", (_, hex) => expectTunnel(to(6081, hex), TunnelKind.GENEVE, 5002));

  test.each([
    ["another version", `4000 0800 00138a00 ${UDP_IN_IPV4}`],
    ["reserved bits", `0001 0800 00138a00 ${UDP_IN_IPV4}`],
    ["options that do not fill their place", `0100 0800 00138a00 0102 80 01 ${UDP_IN_IPV4}`],
    ["options beyond the datagram", `3f00 0800 00138a00 ${UDP_IN_IPV4}`],
    ["another protocol", `0000 0806 00138a00 ${UDP_IN_IPV4}`],
  ])("with %s is not decoded", (_, hex) => expectNoTunnel(to(6081, hex), 17, hex));
});

describe("GTP-U", () => {
  test.each([
    ["a user packet", `30ff 001f 89abcdef ${UDP_IN_IPV4}`],
    ["a sequence number", `32ff 0037 89abcdef 0007 00 00 ${UDP_IN_IPV6}`],
    // Sequence number, N-PDU number, PDU session container of one word, then PDCP number of one word.
    ["extension headers", `34ff 002b 89abcdef 0000 00 85 01 0009 c0 01 abcd 00 ${UDP_IN_IPV4}`],
    ["PPP", `30ff 0023 89abcdef ff03 0021 ${UDP_IN_IPV4}`],
    ["Ethernet", `30ff 0041 89abcdef ${FRAME_WITH_IPV6}`],
  ])("with %s", (_, hex) => expectTunnel(to(2152, hex, 2152), TunnelKind.GTPU, 0x89abcdef));

  test.each([
    ["signalling", "3201 0004 00000000 0001 00 00"],
    ["a length beyond the datagram", `30ff 0100 89abcdef ${UDP_IN_IPV4}`],
    ["version 0", `1eff 001f 89abcdef ${UDP_IN_IPV4}`],
    ["an extension header of no length", `34ff 0027 89abcdef 0000 00 85 00 0009 00 ${UDP_IN_IPV4}`],
    ["extension headers without end", `34ff 0027 89abcdef 0000 00 85 ff 0009 85 ${UDP_IN_IPV4}`],
    ["a packet longer than the message", `30ff 0018 89abcdef ${UDP_IN_IPV4}`],
  ])("with %s is not decoded", (_, hex) => expectNoTunnel(to(2152, hex, 2152), 17, hex));
});

describe("Teredo", () => {
  test.each([
    ["a packet", UDP_IN_IPV6],
    ["an origin indication", `0000 3fff fdfdfdfd ${UDP_IN_IPV6}`],
    // Identifier of 2 bytes, value of 1, nonce, confirmation; then an origin.
    ["authentication", `0001 02 01 abcd ef 0102030405060708 00 0000 3fff fdfdfdfd ${UDP_IN_IPV6}`],
  ])("with %s", (_, hex) => expectTunnel(to(3544, hex), TunnelKind.TEREDO, 0));

  test("a bubble, also with a trailer, from the server's port", () => {
    const bubble = `60000000 0000 3b 40 ${"20010000000000000000000000000001".repeat(2)}`;
    for (const hex of [bubble, `${bubble} 0104 77a05e76`]) {
      const packet = to(50000, hex, 3544);
      expect([packet.tunnels.depth, packet.ipVersion, packet.ipProtocol]).toEqual([1, 6, 59]);
    }
  });

  test.each([
    ["IPv4", UDP_IN_IPV4],
    ["a packet that does not fill the datagram", `${UDP_IN_IPV6} 00`],
    ["a cut authentication", "0001 ff ff 0000"],
  ])("with %s is not decoded", (_, hex) => expectNoTunnel(to(3544, hex), 17, hex));
});

describe("L2TP", () => {
  test.each([
    ["only what must be there", `0002 000b 0016 ff03 0021 ${UDP_IN_IPV4}`],
    ["a length", `4002 002b 000b 0016 ff03 0021 ${UDP_IN_IPV4}`],
    ["sequence numbers and an offset", `0a02 000b 0016 0001 0000 0002 0000 ff03 0057 ${UDP_IN_IPV6}`],
  ])("version 2 with %s", (_, hex) => expectTunnel(to(1701, hex, 1701), TunnelKind.L2TP, (11 << 16) | 22));

  test.each([
    ["Ethernet", `0003 0000 00001234 ${FRAME_WITH_IPV6}`],
    ["Ethernet after a cookie", `0003 0000 00001234 0102030405060708 ${FRAME_WITH_IPV4}`],
    ["Ethernet after a sublayer", `0003 0000 00001234 40000001 ${FRAME_WITH_IPV6}`],
    ["PPP", `0003 0000 00001234 ff03 0021 ${UDP_IN_IPV4}`],
  ])("version 3 with %s", (_, hex) => expectTunnel(to(1701, hex, 1701), TunnelKind.L2TP, 0x1234));

  test.each([
    ["a control message", "c802 000c 000b 0000 0001 0000"],
    ["PPP negotiation", "0002 000b 0016 ff03 c021 0101 0004"],
    ["reserved bits", `0012 000b 0016 ff03 0021 ${UDP_IN_IPV4}`],
    ["an offset beyond the datagram", `0202 000b 0016 ffff ff03 0021 ${UDP_IN_IPV4}`],
    ["session 0", `0003 0000 00000000 ${FRAME_WITH_IPV6}`],
    ["a frame whose lengths do not fit", `0003 0000 00001234 ${FRAME_WITH_IPV6} 0000000000`],
  ])("with %s is not decoded", (_, hex) => expectNoTunnel(to(1701, hex, 1701), 17, hex));
});

describe("other tunnels in UDP", () => {
  test.each([
    ["MPLS", 6635, `00010040 00016140 ${UDP_IN_IPV4}`, TunnelKind.MPLS, 22],
    // Instance flag, nonce, instance 42 and status bits.
    ["LISP", 4341, `88000001 00002a01 ${UDP_IN_IPV6}`, TunnelKind.LISP, 42],
    ["LISP without an instance", 4341, `80000001 00000001 ${UDP_IN_IPV4}`, TunnelKind.LISP, 0],
    ["generic encapsulation", 6080, `00 04 0000 ${UDP_IN_IPV4}`, TunnelKind.GUE, 0],
    ["generic encapsulation with a field", 6080, `01 29 8000 00000000 ${UDP_IN_IPV6}`, TunnelKind.GUE, 0],
    ["generic encapsulation without a header", 6080, UDP_IN_IPV6, TunnelKind.GUE, 0],
    // Identity of 16 bytes, signature of 20, forwarding, IPv6, time.
    ["AYIYA", 5072, `44 52 11 29 6774eb80 ${"aa".repeat(36)} ${UDP_IN_IPV6}`, TunnelKind.AYIYA, 0],
  ])("%s", (_, port, hex, kind, id) => expectTunnel(to(port, hex), kind, id));

  test.each([
    ["MPLS", 6635, `00016140 ${UDP_IN_IPV4} 00`],
    ["LISP", 4341, `88000001 00002a01 ${UDP_IN_IPV4} 00`],
    ["a control message of generic encapsulation", 6080, `20 04 0000 ${UDP_IN_IPV4}`],
    ["AYIYA's echo", 5072, `44 52 12 29 6774eb80 ${"aa".repeat(36)} ${UDP_IN_IPV6}`],
  ])("%s with wrong lengths, or without a packet, is not decoded", (_, port, hex) =>
    expectNoTunnel(to(port, hex), 17, hex),
  );
});

describe("ordinary traffic on tunnels' ports", () => {
  // A DNS answer: identifier, flags, counts, name, type and class.
  const answer = (id: string) => `${id} 8180 0001 0000 0000 0000 03777777 07657861 6d706c65 00 0001 0001`;

  test.each(TUNNELS.flatMap(({ udpPorts = [] }) => udpPorts))("a DNS response to a client on port %i", (port) => {
    // Every identifier that could be the start of a tunnel's header or of IP.
    for (const id of ["0000", "0001", "0002", "0003", "0800", "0c00", "30ff", "4002", "4500", "6000", "8800"]) {
      const packet = to(port, answer(id), 53);
      expectNoTunnel(packet, 17, answer(id));
      expect([packet.srcPort, packet.dstPort]).toEqual([53, port]);
    }
  });

  test("the source port selects only tunnels with clients", () => {
    const session = `0002 000b 0016 ff03 0021 ${UDP_IN_IPV4}`;
    expectTunnel(to(50000, session, 1701), TunnelKind.L2TP, (11 << 16) | 22);
    expectTunnel(to(6081, session, 1701), TunnelKind.L2TP, (11 << 16) | 22);
    const network = `08000000 00138800 ${FRAME_WITH_IPV4}`;
    expectNoTunnel(to(50000, network, 4789), 17, network);
  });
});
