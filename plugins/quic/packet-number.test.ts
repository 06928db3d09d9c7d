import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { PacketNumbers } from "./packet-number.js";
import { CLIENT_CRYPTO, CONNECTION_ID, cryptoFrame, hex, VERSION_1 } from "./testing/packets.js";

const HELLO = CLIENT_CRYPTO.subarray(4);

describe("a packet number", () => {
  it.each([
    // RFC 9000, appendix A.3.
    [0xa82f30ean, 0x9b32, 2, 0xa82f9b32n],
    [0xa82f30ean, 0x30eb, 2, 0xa82f30ebn],
    // Around a multiple of 256, in both directions.
    [0xffn, 0x00, 1, 0x100n],
    [0x100n, 0xff, 1, 0xffn],
    [0x1ffffffffn, 0x00, 1, 0x200000000n],
    // A number that is below the window is not made negative, one that is near the end is not made larger than 62 bits.
    [2n, 0xff, 1, 0xffn],
    [(1n << 62n) - 2n, 0x01, 1, (1n << 62n) - 255n],
  ])("after %i, of which %i stands in the packet in %i bytes, is %i", (largest, truncated, bytes, number) => {
    const numbers = new PacketNumbers();
    numbers.add(largest);
    expect(numbers.expand(truncated, bytes)).toBe(number);
  });

  it("is what stands in the packet where it is the first", () => {
    expect(new PacketNumbers().expand(0x7f, 1)).toBe(0x7fn);
    expect(new PacketNumbers().expand(0, 1)).toBe(0n);
  });
});

/** A client's Initial with a packet number of which one byte is written (RFC 9001, sections 5.3 and 5.4). */
function initial(number: number, frames: Uint8Array): Buffer {
  const { key, iv, hp } = VERSION_1.client;
  const payload = Buffer.concat([frames, Buffer.alloc(1180 - frames.length)]);
  const length = hex((0x4000 | (payload.length + 1 + 16)).toString(16));
  const header = Buffer.concat([hex("c0 00000001 08", CONNECTION_ID, "00 00"), length, Buffer.of(number & 0xff)]);
  const nonce = hex(iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ number) >>> 0, 8);
  const cipher = createCipheriv("aes-128-gcm", hex(key), nonce);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  // The sample begins four bytes after the number does, which has one.
  const mask = createCipheriv("aes-128-ecb", hex(hp), null).update(sealed.subarray(3, 19));
  const packet = Buffer.concat([header, sealed]);
  packet[0]! ^= mask[0]! & 0x0f;
  packet[header.length - 1]! ^= mask[1]!;
  return packet;
}

it("reads a ClientHello whose second part is in a packet with a number beyond one byte", () => {
  const bench = new DecoderBench(findPlugin(registry.plugins, "quic"));
  const ends = { srcAddress: "192.0.2.1", srcPort: 50000, dstAddress: "192.0.2.53", dstPort: 443 };
  const pieces: [number, Uint8Array][] = [
    [120, cryptoFrame(HELLO, 0, 100)],
    [240, hex("01")],
    [300, cryptoFrame(HELLO, 100, HELLO.length)],
  ];
  for (const [number, frames] of pieces) bench.udp(initial(number, frames), ends);
  expect(bench.finish()).toMatchObject([{ server_name: "example.com", hello_frame: 3 }]);
});
