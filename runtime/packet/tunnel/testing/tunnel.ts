import { expect } from "vitest";
import type { Packet } from "../../packet.js";
import { payloadHex } from "../../testing/packet-from-hex.js";
import { TUNNEL_ADDRESS_BYTES } from "../../tunnel-stack.js";

/** Kind, identifier, outer source and outer destination of each tunnel around a packet, outermost first. */
export function tunnelsOf({ tunnels }: Packet): [kind: number, id: number, source: string, destination: string][] {
  return Array.from({ length: tunnels.depth }, (_, i) => {
    const at = i * TUNNEL_ADDRESS_BYTES;
    const address = (start: number) =>
      Buffer.from(tunnels.addresses.subarray(start, start + tunnels.addressLengths[i]!)).toString("hex");
    return [tunnels.kinds[i]!, tunnels.ids[i]!, address(at), address(at + TUNNEL_ADDRESS_BYTES / 2)];
  });
}

/** Expects one tunnel of this kind and identifier, between 192.0.2.1 and 192.0.2.2, with one of the sample packets in it. */
export function expectTunnel(packet: Packet, kind: number, id: number): void {
  expect(tunnelsOf(packet)).toEqual([[kind, id, "c0000201", "c0000202"]]);
  expectSample(packet);
}

/** Expects one of the sample packets as the innermost one. */
export function expectSample(packet: Packet): void {
  const ports = packet.ipVersion === 4 ? [49152, 53] : [49153, 54];
  expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([...ports, "616263"]);
  expect([packet.payloadLengthBytes, packet.ipProtocol, packet.isTunnelLimitReached]).toEqual([3, 17, false]);
}

/** Expects that the outer packet is not decoded further: IPv4 of this protocol with this payload. */
export function expectNoTunnel(packet: Packet, protocol: number, payload: string): void {
  expect([packet.tunnels.depth, packet.ipVersion, packet.ipProtocol]).toEqual([0, 4, protocol]);
  const address = packet.bytes.subarray(packet.srcAddressStart, packet.srcAddressStart + packet.addressLength);
  expect([Buffer.from(address).toString("hex"), payloadHex(packet)]).toEqual(["c0000201", payload.replaceAll(" ", "")]);
}
