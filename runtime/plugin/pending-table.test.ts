import { describe, expect, it } from "vitest";
import { packetFromHex } from "../packet/packet-from-hex.js";
import { Timestamp } from "../wire/timestamp.js";
import { PendingTable } from "./pending-table.js";

const CLIENT = "c0000201";
const SERVER = "c0000235";

/** An Ethernet frame of IPv4 without options, of protocol 1 or 17, whose length says 28 bytes. */
const packet = (protocol: string, source: string, destination: string, payload: string) =>
  packetFromHex(
    `020000000002 020000000001 0800 45 00 001c 0000 0000 40 ${protocol} 0000 ${source} ${destination} ${payload}`,
  );

const ROW = new Uint8Array([1, 2, 3]);

function table() {
  const released: number[] = [];
  const pending = new PendingTable(4, 1 << 20, 1000, (bytes, start, end) => {
    for (let i = start; i < end; i++) released.push(bytes[i]!);
  });
  return { pending, released };
}

describe("an open request", () => {
  it("is found by the response of the same two addresses, the same ports exchanged, and key", () => {
    const { pending } = table();
    pending.hold(packet("11", CLIENT, SERVER, "9c40 0035 0008 0000"), 7, false, ROW, ROW.length, new Timestamp());
    const time = new Timestamp();
    const response = packet("11", SERVER, CLIENT, "0035 9c40 0008 0000");
    expect(pending.find(response, 8, true, time)).toBe(false);
    expect(pending.find(packet("11", SERVER, CLIENT, "0035 9c41 0008 0000"), 7, true, time)).toBe(false);
    expect(pending.find(packet("11", CLIENT, SERVER, "0035 9c40 0008 0000"), 7, true, time)).toBe(false);
    expect(pending.find(response, 7, true, time)).toBe(true);
    expect([...pending.data.subarray(pending.foundStart, pending.foundEnd)]).toEqual([1, 2, 3]);
  });

  it("of ICMP is found whatever type and code the response has", () => {
    const { pending, released } = table();
    // Extended echo (RFC 8335): request 42 with code 0, reply 43 with code 2
    pending.hold(packet("01", CLIENT, SERVER, "2a00 0000 0001 0201"), 7, false, ROW, ROW.length, new Timestamp());
    const reply = packet("01", SERVER, CLIENT, "2b02 0000 0001 0200");
    const time = new Timestamp();
    expect(pending.find(reply, 8, true, time)).toBe(false);
    expect(pending.find(reply, 7, true, time)).toBe(true);
    pending.remove();
    expect(pending.find(reply, 7, true, time)).toBe(false);
    pending.finish();
    expect(released).toEqual([]);
  });
});
