import { describe, expect, it } from "vitest";
import { MemoryQueue } from "./memory-queue.js";
import { rowGroup } from "./testing/dns-uplink.js";

/** A queue with batches of 1, 2, 3 … rows, each of 10 bytes. */
async function queueOf(batches: number, committed?: bigint): Promise<MemoryQueue> {
  const queue = new MemoryQueue(25);
  if (committed !== undefined) await queue.resume(committed);
  for (let rows = 1; rows <= batches; rows++) await queue.add([rowGroup(10, rows)], new Map());
  return queue;
}

describe("a queue in memory", () => {
  it("is full while more bytes wait than it is made for, and takes batches nevertheless", async () => {
    const queue = await queueOf(2);
    expect(queue.isFull).toBe(false);
    await queue.add([rowGroup(10, 3)], new Map());
    expect(queue.isFull).toBe(true);
    expect([queue.length, queue.rows]).toEqual([3, 6]);
    expect(await queue.acknowledge(1n)).toBe(1);
    expect(queue.isFull).toBe(false);
  });

  it("is read in order, from any sequence", async () => {
    const queue = await queueOf(3);
    await queue.acknowledge(1n);
    expect(await queue.after(0n)).toMatchObject({ sequence: 2n });
    expect(await queue.after(2n)).toMatchObject({ sequence: 3n });
    expect(await queue.after(3n)).toBeUndefined();
    expect(queue.firstSequence).toBe(2n);
    await queue.acknowledge(3n);
    expect(queue.firstSequence).toBe(4n);
    expect(await queue.after(0n)).toBeUndefined();
  });

  it("counts batches that the collector has from an earlier run, and keeps the others", async () => {
    const queue = await queueOf(3, 2n);
    expect([queue.storedBefore, queue.lastSequence, queue.length]).toEqual([2n, 3n, 1]);
    expect(await queue.after(0n)).toMatchObject({ sequence: 3n });
  });

  it("does not continue where the collector lost acknowledged batches, and numbers the rest anew", async () => {
    const queue = await queueOf(3, 0n);
    await queue.acknowledge(2n);
    const { sessionId } = queue;
    expect(await queue.resume(1n)).toBe(false);
    expect(await queue.resume(2n)).toBe(true);
    await queue.restart();
    expect(queue.sessionId).not.toEqual(sessionId);
    expect(await queue.after(0n)).toMatchObject({ sequence: 1n, rowGroups: [{ count: 3 }] });
    expect([queue.lastSequence, queue.committedSequence]).toEqual([1n, 0n]);
  });

  it("keeps the place of a batch whose rows were taken out", async () => {
    const queue = await queueOf(2);
    expect(await queue.emptyFirst()).toMatchObject([{ count: 1 }]);
    expect(await queue.after(0n)).toMatchObject({ sequence: 1n, rowGroups: [] });
    expect([queue.length, queue.rows]).toEqual([2, 2]);
  });
});
