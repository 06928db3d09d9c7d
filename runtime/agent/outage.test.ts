import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { Outage } from "./outage.js";

describe("an outage", () => {
  it("lasts while every attempt fails, however long the agent has run", () => {
    const outage = new Outage(60_000);
    expect(outage.markFailed(Code.Unavailable, 0)).toBeDefined();
    expect(outage.markFailed(Code.Unavailable, 59_000)).toBeDefined();
    outage.markRecovered();
    expect(outage.markFailed(Code.Unavailable, 61_000)).toBeDefined();
    expect(outage.markFailed(Code.Unavailable, 120_000)).toBeDefined();
    expect(outage.markFailed(Code.Unavailable, 121_000)).toBeUndefined();
  });

  it("lasts while sessions open and nothing gets through", () => {
    const outage = new Outage(60_000);
    expect(outage.markFailed(Code.Unavailable, 0)).toBeDefined();
    for (let now = 5000; now < 60_000; now += 5000) {
      outage.markOpened();
      expect(outage.markFailed(Code.Unavailable, now)).toBeDefined();
    }
    outage.markOpened();
    expect(outage.markFailed(Code.Unavailable, 60_000)).toBeUndefined();
  });

  it("is endless where the agent never gives up", () => {
    const outage = new Outage(undefined);
    outage.markFailed(Code.Unavailable, 0);
    expect(outage.markFailed(Code.Unavailable, 1e12)).toBeDefined();
    expect(outage.markFailed(Code.AlreadyExists, 2e12)).toBeDefined();
  });

  it("pauses longer after each failure, until rows get through", () => {
    const outage = new Outage(undefined);
    const pauses = Array.from({ length: 8 }, () => outage.markFailed(Code.Unavailable, 0)!);
    expect(pauses).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    outage.markOpened();
    expect(outage.markFailed(Code.Unavailable, 0)).toBe(5000);
    outage.markRecovered();
    expect(outage.markFailed(Code.Unavailable, 0)).toBe(200);
  });

  it("of an id that is taken ends when the other agent cannot be a dead one", () => {
    const outage = new Outage(60_000);
    // A collector notices within 15 s that an agent is dead.
    expect(outage.markFailed(Code.AlreadyExists, 0)).toBeDefined();
    expect(outage.markFailed(Code.AlreadyExists, 16_000)).toBeDefined();
    expect(outage.markFailed(Code.AlreadyExists, 20_000)).toBeUndefined();
  });

  it("is reported once a kind, and once when it is over", () => {
    const outage = new Outage(undefined);
    expect(outage.isNews(Code.Unavailable)).toBe(true);
    expect(outage.isNews(Code.Unavailable)).toBe(false);
    expect(outage.isNews(Code.AlreadyExists)).toBe(true);
    expect(outage.markRecovered()).toBe(true);
    expect(outage.markRecovered()).toBe(false);
    expect(outage.isNews(Code.Unavailable)).toBe(true);
  });
});
