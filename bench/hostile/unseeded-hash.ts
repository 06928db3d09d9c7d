import { Kind } from "../../generated/icmp/icmp_enums.js";
import { TunnelKind } from "../../generated/wireloom/v1/observation_enums.js";
import type { Endpoints } from "../traffic/ip-frame.js";

// Inputs that had one hash in the tables of version 0.1.0, whose hashes had no secret: each is solved for, none is searched.
const UDP = 17;
const IPV4_WORDS = 1;
const FNV_PRIME = 0x01000193;
const GOLDEN = 0x9e3779b1;
const MURMUR = 0x85ebca6b;

/** The factor that undoes a multiplication by an odd number modulo 2^32. */
function inverse(factor: number): number {
  let result = factor;
  // Newton's iteration doubles the right bits, of which an odd number has three.
  for (let i = 0; i < 4; i++) result = Math.imul(result, 2 - Math.imul(factor, result));
  return result;
}

/** UDP endpoints that fell into one bucket of conversations: the destination's address cancels all before it. */
export function collidingEndpoints(count: number): Endpoints[] {
  const found: Endpoints[] = [];
  for (let i = 0; found.length < count; i++) {
    const srcAddress = 0x0a000000 + i;
    const srcPort = 1024 + (i % 60_000);
    let hash = Math.imul(UDP ^ Math.imul((srcPort << 16) | 7001, GOLDEN) ^ IPV4_WORDS, MURMUR);
    hash ^= hash >>> 15;
    hash = Math.imul(hash ^ srcAddress, GOLDEN);
    const dstAddress = (0x5bd1e995 ^ hash ^ (hash >>> 15)) >>> 0;
    // The lower endpoint comes first in the key.
    if (dstAddress > srcAddress) found.push({ srcAddress, dstAddress, srcPort, dstPort: 7001 });
  }
  return found;
}

/** UDP endpoints inside VXLAN, each in a network of its own, that fell into one bucket of conversations: the ports cancel the network. */
export function collidingNetworks(count: number): { network: number; ends: Endpoints }[] {
  return Array.from({ length: count }, (_, network) => {
    let tunnels = Math.imul(0x811c9dc5 ^ TunnelKind.VXLAN, FNV_PRIME);
    tunnels = Math.imul(tunnels ^ network, FNV_PRIME) << 4;
    const ports = Math.imul(UDP ^ tunnels ^ IPV4_WORDS ^ 0x5bd1e995, inverse(GOLDEN));
    const ends = { srcAddress: 0x0a000001, dstAddress: 0x0a000002, srcPort: ports >>> 16, dstPort: ports & 0xffff };
    return { network, ends };
  });
}

/** An ICMP echo request's source, to one destination, and what its identifier and sequence number are. */
export interface Echo {
  readonly srcAddress: number;
  readonly dstAddress: number;
  /** Identifier in the upper half, sequence number in the lower one. */
  readonly numbers: number;
}

/** The numbers of an echo request as the ICMP plugin makes a key of them, and back. */
export function keyOfEcho(numbers: number): number {
  return (numbers ^ Math.imul(Kind.ECHO, GOLDEN)) >>> 0;
}

/** Echo requests that fell into one bucket of open requests: identifier and sequence number cancel the addresses. */
export function collidingEchoes(count: number): Echo[] {
  const dstAddress = 0xc6336401;
  return Array.from({ length: count }, (_, i) => {
    const srcAddress = 0x0a000000 + i;
    let hash = 0x5bd1e995;
    for (let shift = 0; shift < 32; shift += 8) {
      const pair = ((srcAddress >>> shift) & 255) | (((dstAddress >>> shift) & 255) << 8);
      hash = Math.imul(hash, inverse(FNV_PRIME)) ^ pair;
    }
    const key = Math.imul(hash, inverse(MURMUR)) ^ 0x9e3779b9;
    return { srcAddress, dstAddress, numbers: keyOfEcho(key) };
  });
}
