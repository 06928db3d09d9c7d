import { describe, expect, it } from "vitest";
import { Outage } from "./outage.js";

describe("an outage", () => {
  it("lasts while every attempt fails, however long the agent has run", () => {
    const outage = new Outage(60_000);
    expect(outage.markFailed("unavailable", 0)).toBeDefined();
    expect(outage.markFailed("unavailable", 59_000)).toBeDefined();
    outage.markRecovered();
    expect(outage.markFailed("unavailable", 61_000)).toBeDefined();
    expect(outage.markFailed("unavailable", 120_000)).toBeDefined();
    expect(outage.markFailed("unavailable", 121_000)).toBeUndefined();
  });

  it("lasts while sessions open and nothing gets through", () => {
    const outage = new Outage(60_000);
    expect(outage.markFailed("unavailable", 0)).toBeDefined();
    for (let now = 5000; now < 60_000; now += 5000) {
      outage.markOpened();
      expect(outage.markFailed("unavailable", now)).toBeDefined();
    }
    outage.markOpened();
    expect(outage.markFailed("unavailable", 60_000)).toBeUndefined();
  });

  it("is endless where the agent never gives up", () => {
    const outage = new Outage(undefined);
    outage.markFailed("unavailable", 0);
    expect(outage.markFailed("unavailable", 1e12)).toBeDefined();
    expect(outage.markFailed("already_exists", 2e12)).toBeDefined();
  });

  it("pauses longer after each failure, until rows get through", () => {
    const outage = new Outage(undefined);
    const pauses = Array.from({ length: 8 }, () => outage.markFailed("unavailable", 0)!);
    expect(pauses).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    outage.markOpened();
    expect(outage.markFailed("unavailable", 0)).toBe(5000);
    outage.markRecovered();
    expect(outage.markFailed("unavailable", 0)).toBe(200);
  });

  it("of an id that is taken ends when the other agent cannot be a dead one", () => {
    const outage = new Outage(60_000);
    // A collector notices within 15 s that an agent is dead.
    expect(outage.markFailed("already_exists", 0)).toBeDefined();
    expect(outage.markFailed("already_exists", 16_000)).toBeDefined();
    expect(outage.markFailed("already_exists", 20_000)).toBeUndefined();
  });

  it("is reported once a kind, and once when it is over", () => {
    const outage = new Outage(undefined);
    expect(outage.isNews("unavailable")).toBe(true);
    expect(outage.isNews("unavailable")).toBe(false);
    expect(outage.isNews("already_exists")).toBe(true);
    expect(outage.markRecovered()).toBe(true);
    expect(outage.markRecovered()).toBe(false);
    expect(outage.isNews("unavailable")).toBe(true);
  });
});
