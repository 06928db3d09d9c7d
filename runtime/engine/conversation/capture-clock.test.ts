import fc from "fast-check";
import { expect, it } from "vitest";
import { Timestamp } from "../../record/timestamp.js";
import { CaptureClock } from "./capture-clock.js";

const START = 1_790_000_000;
/** 2038-01-19T03:14:07Z, the last second of 31 bits. */
const YEAR_2038 = 2_147_483_647 - START;

/** A clock that takes times in seconds since its start, and returns arrivals in seconds. */
function clockOf(monotonicMs?: () => number) {
  let doubtsEnded = 0;
  const clock = new CaptureClock(() => doubtsEnded++, monotonicMs);
  const time = new Timestamp();
  return {
    clock,
    arrive(seconds: number): number {
      time.set(START + Math.floor(seconds), Math.round((seconds - Math.floor(seconds)) * 1e9));
      return clock.arrive(time) / 1e9;
    },
    get now() {
      return clock.now / 1e9;
    },
    get doubtsEnded() {
      return doubtsEnded;
    },
  };
}

it("advances with the packets and does not move for packets out of order", () => {
  const clock = clockOf();
  expect([0, 1, 1.007, 1.003, 1.002, 1.008].map((seconds) => clock.arrive(seconds))).toEqual([
    0, 1, 1.007, 1.003, 1.002, 1.008,
  ]);
  expect(clock.now).toBe(1.008);
});

it("accepts a pause when a second packet follows it", () => {
  const clock = clockOf();
  clock.arrive(0);
  expect(clock.arrive(3600)).toBe(3600);
  expect(clock.now).toBe(0);
  expect(clock.arrive(3600.5)).toBe(3600.5);
  expect(clock.now).toBe(3600.5);
});

it("accepts consecutive pauses, and one at the end of the input", () => {
  const clock = clockOf();
  for (let minute = 0; minute <= 5; minute++) expect(clock.arrive(minute * 60)).toBe(minute * 60);
  expect(clock.now).toBe(240);
  clock.clock.settle();
  expect(clock.now).toBe(300);
});

it.each([YEAR_2038, 100, -100, -3600])("is not moved by one packet whose time is %d s off", (off) => {
  const clock = clockOf();
  clock.arrive(0);
  clock.arrive(1);
  clock.arrive(1 + off);
  expect(clock.now).toBe(1);
  expect(clock.arrive(2)).toBe(2);
  expect(clock.now).toBe(2);
  expect(clock.doubtsEnded).toBe(off > 0 ? 1 : 0);
});

it("is not moved by a first packet dated in the future", () => {
  const clock = clockOf();
  clock.arrive(YEAR_2038);
  for (const seconds of [0, 1, 2, 70]) clock.arrive(seconds);
  expect(clock.arrive(71)).toBe(71);
});

it("continues after the clock was set back, and after it was set forward again", () => {
  const clock = clockOf();
  for (const seconds of [0, 1, 2]) clock.arrive(seconds);
  expect(clock.arrive(-3598)).toBe(2);
  expect(clock.arrive(-3597)).toBe(3);
  expect(clock.arrive(-3590)).toBe(10);
});

it("goes on where the system's clock was set back while no packets came", () => {
  const clock = clockOf();
  clock.arrive(0);
  for (const seconds of [-3600, -3599, -3590]) {
    clock.arrive(seconds);
    clock.clock.settle();
  }
  expect(clock.now).toBe(10);
});

it("of a live capture does not run ahead of the monotonic clock when the system clock is set", () => {
  let monotonicMs = 1000;
  const clock = clockOf(() => monotonicMs);
  clock.arrive(0);
  clock.clock.tick();
  monotonicMs += 500;
  clock.arrive(3600.4);
  clock.arrive(3600.5);
  // Half a second has passed, and 10 s for packets that were late.
  expect(clock.now).toBeCloseTo(10.6, 5);
  expect(clock.doubtsEnded).toBe(1);
});

it("never goes back, whatever the packets' times are", () => {
  const times = fc.array(
    fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constantFrom(YEAR_2038, -3600, 1e6)),
  );
  fc.assert(
    fc.property(times, (seconds) => {
      const clock = clockOf();
      let before = 0;
      for (const one of seconds) {
        const arrival = clock.arrive(one);
        expect(clock.now).toBeGreaterThanOrEqual(before);
        expect(arrival).toBeGreaterThanOrEqual(clock.now - 10 - 1e-6);
        before = clock.now;
      }
    }),
  );
});
