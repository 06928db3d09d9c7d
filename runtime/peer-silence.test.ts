import { expect, test } from "vitest";
import { LOOK_MS, PeerSilence } from "./peer-silence.js";

/** Looks once every second from `from` to `to`, in milliseconds, and returns what the last look measured. */
function lookUntil(silence: PeerSilence, from: number, to: number): number {
  let silentMs = 0;
  for (let now = from; now <= to; now += LOOK_MS) silentMs = silence.look(now);
  return silentMs;
}

test("a peer is silent from the time it was heard of last", () => {
  const silence = new PeerSilence(0);
  expect(lookUntil(silence, 1000, 4000)).toBe(4000);
  silence.heard(4500);
  expect(lookUntil(silence, 5000, 12_000)).toBe(7500);
  expect(silence.lastHeard).toBe(4500);
});

test("time in which this process did not run is not the peer's silence", () => {
  const silence = new PeerSilence(0);
  expect(lookUntil(silence, 1000, 3000)).toBe(3000);
  // Stopped for a minute: two seconds of it count, as for a look that is late.
  expect(silence.look(63_000)).toBe(5000);
  expect(lookUntil(silence, 64_000, 69_000)).toBe(11_000);
});

test("a peer that was heard of right after a pause is silent from then on", () => {
  const silence = new PeerSilence(0);
  silence.heard(60_000);
  expect(silence.look(60_500)).toBe(0);
  expect(lookUntil(silence, 61_500, 71_500)).toBe(11_000);
});
