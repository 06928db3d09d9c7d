import { expect, it } from "vitest";
import { MemoryGuard } from "./memory-guard.js";

it("collects garbage near the bound, and not too often", () => {
  const guard = new MemoryGuard(1);
  guard.check(10_000);
  guard.check(10_001);
  expect(guard.collections).toBe(1);
  guard.check(12_001);
  expect(guard.collections).toBe(2);
  expect(guard.mostBytes).toBeGreaterThan(1048576);
});

it("leaves V8 alone far from the bound", () => {
  const guard = new MemoryGuard(65536);
  guard.check(10_000);
  expect(guard.collections).toBe(0);
});
