import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Packet } from "../../packet/packet.js";
import { packetFromHex } from "../../packet/testing/packet-from-hex.js";
import { Timestamp } from "../../record/timestamp.js";
import { TagRule } from "../conversation/tag-rule.js";
import { type Amendments, PendingTable } from "./pending-table.js";
import { NO_REQUEST } from "./request-owner.js";

const CLIENT = "c0000201";
const SERVER = "c0000235";

/** An Ethernet frame of IPv4 without options, of protocol 1 or 17, whose length says 28 bytes. */
const packet = (protocol: string, source: string, destination: string, payload: string) =>
  packetFromHex(
    `020000000002 020000000001 0800 45 00 001c 0000 0000 40 ${protocol} 0000 ${source} ${destination} ${payload}`,
  );

const ROW = new Uint8Array([1, 2, 3]);

function table(ttlMs = 1000) {
  const released: number[] = [];
  const amended: Amendments[] = [];
  const limits = { maxEntries: 4, maxBytes: 1 << 20, ttlMs, tagRule: TagRule.Join };
  const pending = new PendingTable(limits, (bytes, start, end, amendments) => {
    for (let i = start; i < end; i++) released.push(bytes[i]!);
    amended.push({ ...amendments });
  });
  return { pending, released, amended };
}

describe("an open request", () => {
  it("is found by the response with the same addresses, exchanged ports and key", () => {
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

  it("of ICMP is found whatever the type and code of the response", () => {
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

describe("requests of one key and different subjects", () => {
  const request = packet("11", CLIENT, SERVER, "9c40 0035 0008 0000");
  const response = packet("11", SERVER, CLIENT, "0035 9c40 0008 0000");
  const foundOf = (pending: PendingTable) => [...pending.data.subarray(pending.foundStart, pending.foundEnd)];

  it("are open at once; each is found by its own subject, and the newest without a subject", () => {
    const { pending, released } = table();
    const time = new Timestamp();
    for (const subject of [5, 6]) {
      pending.hold(request, 7, false, new Uint8Array([subject]), 1, time, undefined, subject);
    }
    expect(pending.find(response, 7, true, time, 8)).toBe(false);
    expect(pending.find(response, 7, true, time)).toBe(true);
    expect(foundOf(pending)).toEqual([6]);
    expect(pending.find(response, 7, true, time, 5)).toBe(true);
    expect(foundOf(pending)).toEqual([5]);
    pending.answer(response, 7);
    expect(pending.find(response, 7, true, time, 5)).toBe(false);
    expect(pending.wasAnswered(response, 7, time, 5)).toBe(true);
    expect(pending.wasAnswered(response, 7, time, 6)).toBe(false);
    expect(pending.wasAnswered(response, 7, time)).toBe(true);
    pending.finish();
    expect(released).toEqual([6]);
  });
});

describe("requests of one key in many networks", () => {
  const NETWORKS = 3000;
  const open = (tagRule: TagRule, firstNetwork: number) => {
    const limits = { maxEntries: 4096, maxBytes: 1 << 20, ttlMs: 1000, tagRule };
    const pending = new PendingTable(limits, () => undefined);
    for (let vlanId = firstNetwork; vlanId < NETWORKS; vlanId++) {
      const request = Object.assign(packet("11", CLIENT, SERVER, "9c40 0035 0008 0000"), { vlanId });
      // An observation of two bytes, and a value.
      const row = Uint8Array.of(10, 6, 10, 2, vlanId & 0xff, vlanId >> 8, 16, 1);
      pending.hold(request, 7, false, row, row.length, new Timestamp());
    }
    return pending;
  };
  const responseIn = (vlanId: number) => Object.assign(packet("11", SERVER, CLIENT, "0035 9c40 0008 0000"), { vlanId });
  const networkOf = (pending: PendingTable) =>
    pending.data[pending.foundStart + 4]! | (pending.data[pending.foundStart + 5]! << 8);

  it("are each found in their own network, and spread over the table", () => {
    const pending = open(TagRule.Join, 0);
    expect(pending.longestChain).toBeLessThan(12);
    for (const vlanId of [0, 1, 1500, NETWORKS - 1]) {
      expect(pending.find(responseIn(vlanId), 7, true, new Timestamp())).toBe(true);
      expect(networkOf(pending)).toBe(vlanId);
      pending.remove();
      // Several others are open, and it is not known which one is meant.
      expect(pending.find(responseIn(vlanId), 7, true, new Timestamp())).toBe(false);
    }
  });

  it("are found from another network only if exactly one is open", () => {
    const joined = open(TagRule.Join, NETWORKS - 1);
    expect(joined.find(responseIn(5), 7, true, new Timestamp())).toBe(true);
    expect(joined.isFoundElsewhere).toBe(true);
    expect(networkOf(joined)).toBe(NETWORKS - 1);
    expect(open(TagRule.Strict, NETWORKS - 1).find(responseIn(5), 7, true, new Timestamp())).toBe(false);
    const ignored = open(TagRule.Ignore, NETWORKS - 2);
    expect(ignored.find(responseIn(5), 7, true, new Timestamp())).toBe(true);
    // The second one is the same request, sent again.
    expect(networkOf(ignored)).toBe(NETWORKS - 2);
    expect(ignored.foundAmendments.retransmissions).toBe(1);
  });
});

describe("a retransmitted request", () => {
  const asking = (arrival: number, isDuplicate = false) =>
    Object.assign(packet("11", CLIENT, SERVER, "9c40 0035 0008 0000"), { arrival, isDuplicate });
  const reply = (arrival: number) => Object.assign(packet("11", SERVER, CLIENT, "0035 9c40 0008 0000"), { arrival });
  /** A row of two fields: an observation of one byte, and a value. */
  const rowOf = (seen: number, value: number) => new Uint8Array([10, 5, 10, 1, seen, 16, value]);
  const hold = (pending: PendingTable, at: Packet, row: Uint8Array, time = new Timestamp()) =>
    pending.hold(at, 7, false, row, row.length, time);

  it("is one request with the time of the first, and its wait restarts", () => {
    const { pending, amended } = table();
    const first = new Timestamp();
    first.set(1000, 0);
    hold(pending, asking(0), rowOf(1, 9), first);
    hold(pending, asking(0.9e9), rowOf(2, 9));
    hold(pending, asking(0.9e9, true), rowOf(3, 9));
    pending.advance(1.8e9);
    const time = new Timestamp();
    expect(pending.find(reply(1.8e9), 7, true, time)).toBe(true);
    expect(time).toEqual(first);
    expect(pending.foundAmendments).toEqual({ retransmissions: 1, duplicates: 1, hasGap: false });
    pending.advance(1.901e9);
    expect(amended).toEqual([{ retransmissions: 1, duplicates: 1, hasGap: false }]);
  });

  it("is not another request if it is a copy that arrives after the response", () => {
    const { pending, amended } = table();
    hold(pending, asking(0), rowOf(1, 9));
    expect(pending.find(reply(1000), 7, true, new Timestamp())).toBe(true);
    pending.answer(reply(1000), 7);
    hold(pending, asking(2000, true), rowOf(2, 9));
    pending.finish();
    expect(amended).toEqual([]);
  });

  it("is another request if its content differs", () => {
    const { pending, amended } = table();
    hold(pending, asking(0), rowOf(1, 9));
    hold(pending, asking(0.1e9), rowOf(2, 8));
    expect(amended).toHaveLength(1);
  });

  it("has a response and repetitions of it for as long as a request waits", () => {
    const { pending } = table();
    const time = new Timestamp();
    time.set(1000, 0);
    hold(pending, asking(0), rowOf(1, 9), time);
    expect(pending.find(reply(0.5e9), 7, true, new Timestamp())).toBe(true);
    pending.answer(reply(0.5e9), 7);
    expect(pending.find(reply(0.6e9), 7, true, new Timestamp())).toBe(false);
    const asked = new Timestamp();
    expect(pending.wasAnswered(reply(0.6e9), 7, asked)).toBe(true);
    expect(asked).toEqual(time);
    expect(pending.wasAnswered(reply(0.6e9), 8, asked)).toBe(false);
    expect(pending.wasAnswered(reply(1.5e9), 7, asked)).toBe(false);
  });

  it("is not found after its time to live, whether or not timeouts were processed", () => {
    const { pending, amended } = table();
    hold(pending, asking(0), rowOf(1, 9));
    expect(pending.find(reply(1e9), 7, true, new Timestamp())).toBe(true);
    expect(pending.find(reply(1.001e9), 7, true, new Timestamp())).toBe(false);
    expect(amended).toHaveLength(1);
  });
});

it("requests of a connection end with it, and show losses of the server's bytes", () => {
  const { pending, amended } = table(0);
  const owner = { newestRequest: NO_REQUEST, oldestRequest: NO_REQUEST, losses: 0, copies: 0 };
  const other = { newestRequest: NO_REQUEST, oldestRequest: NO_REQUEST, losses: 0, copies: 0 };
  const asking = packet("11", CLIENT, SERVER, "9c40 0035 0008 0000");
  for (const key of [1, 2]) pending.hold(asking, key, false, ROW, ROW.length, new Timestamp(), owner);
  pending.hold(asking, 3, false, ROW, ROW.length, new Timestamp(), other);
  owner.losses++;
  pending.hold(asking, 4, false, ROW, ROW.length, new Timestamp(), owner);
  pending.advance(1e18);
  expect(amended).toEqual([]);
  pending.releaseOwned(owner);
  expect(amended.map(({ hasGap }) => hasGap).sort()).toEqual([false, true, true]);
  expect(owner.newestRequest).toBe(NO_REQUEST);
  expect(pending.find(packet("11", SERVER, CLIENT, "0035 9c40 0008 0000"), 3, true, new Timestamp())).toBe(true);
});

it("a request to a group is answered once by each member", () => {
  const { pending, amended } = table();
  const asking = packet("01", CLIENT, "c00002ff", "0800 0000 0001 0001");
  pending.hold(asking, 7, false, ROW, ROW.length, new Timestamp());
  for (const server of ["c0000211", "c0000212"]) {
    const reply = packet("01", server, CLIENT, "0000 0000 0001 0001");
    expect(pending.find(reply, 7, true, new Timestamp())).toBe(true);
    expect(pending.isFoundAnswered).toBe(server === "c0000212");
    pending.answer(reply, 7);
    expect(pending.find(reply, 7, true, new Timestamp())).toBe(false);
    expect(pending.wasAnswered(reply, 7, new Timestamp())).toBe(true);
  }
  pending.finish();
  expect(amended).toEqual([]);
});

it("every row is returned once, with its bytes, whether it is answered or times out", () => {
  const operation = fc.record({
    key: fc.nat(20),
    length: fc.integer({ min: 1, max: 3000 }),
    isAnswer: fc.boolean(),
    seconds: fc.double({ min: 0, max: 0.3, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
      const out: string[] = [];
      const kept = (bytes: Uint8Array, start: number, end: number) => {
        const number = bytes[start + 5]! | (bytes[start + 6]! << 8);
        const isWhole = bytes.subarray(start + 7, end).every((byte) => byte === (number & 255));
        out.push(`${number} ${end - start} ${isWhole}`);
      };
      const limits = { maxEntries: 8, maxBytes: 65536, ttlMs: 1000, tagRule: TagRule.Join };
      const pending = new PendingTable(limits, kept);
      const asking = packet("11", CLIENT, SERVER, "9c40 0035 0008 0000");
      const reply = packet("11", SERVER, CLIENT, "0035 9c40 0008 0000");
      const sent: string[] = [];
      let now = 0;
      for (const [number, { key, length, isAnswer, seconds }] of operations.entries()) {
        now += seconds * 1e9;
        asking.arrival = now;
        reply.arrival = now;
        if (isAnswer) {
          if (!pending.find(reply, key, true, new Timestamp())) continue;
          kept(pending.data, pending.foundStart, pending.foundEnd);
          pending.answer(reply, key);
        } else {
          const row = new Uint8Array(7 + length).fill(number & 255);
          row.set([10, 127, 10, 1, 0, number & 255, number >> 8]);
          sent.push(`${number} ${row.length} true`);
          pending.hold(asking, key, false, row, row.length, new Timestamp());
        }
      }
      pending.finish();
      expect(out.sort()).toEqual(sent.sort());
    }),
  );
});
