import { expect, test } from "vitest";
import { Random } from "../../record/testing/random.js";
import { PLACE_WORDS, RecentPlaces } from "./recent-places.js";

/** All places that are found for a hash, newest first. */
function placesOf(places: RecentPlaces, hash: number): number[] {
  const found: number[] = [];
  for (let place = places.find(hash); place !== -1; place = places.findAfter(place, hash)) found.push(place);
  return found;
}

test.each([1, 2, 7, 64])("with room for %i or more keys, the last ones are found, newest first", (minimum) => {
  const random = new Random(minimum);
  const places = new RecentPlaces(minimum, PLACE_WORDS);
  expect(places.capacity).toBeGreaterThanOrEqual(minimum);
  const model: { hash: number; place: number }[] = [];
  for (let i = 0; i < 5000; i++) {
    // Few buckets and few hashes, so that keys share them.
    const hash = random.below(3) === 0 ? random.below(5) - 2 : (random.below(5) << 20) | 1;
    const place = places.add(hash);
    expect(model.every((kept) => kept.place !== place)).toBe(model.length < places.capacity);
    if (model.length === places.capacity) model.pop();
    expect(model.every((kept) => kept.place !== place)).toBe(true);
    model.unshift({ hash, place });
    const asked = random.below(2) === 0 ? hash : random.below(5) - 2;
    const expected = model.filter((kept) => kept.hash === asked).map((kept) => kept.place);
    expect(placesOf(places, asked)).toEqual(expected);
  }
});

test("a hash that no key has is not found", () => {
  const places = new RecentPlaces(8, PLACE_WORDS);
  expect(places.find(0)).toBe(-1);
  expect(places.find(-1)).toBe(-1);
  places.add(3);
  expect(places.find(3 + 16)).toBe(-1);
});
