import fc from "fast-check";
import type { Corpus, SeedFrame } from "./corpus.js";
import { type Mutation, mutate, mutations } from "./mutation.js";

/** One part of the system that takes bytes of strangers. */
export interface FuzzTarget {
  readonly name: string;
  /** Part of all inputs that go to this target. */
  readonly share: number;
  /** A property of `runs` inputs, each of which must neither throw nor break what is claimed of it. */
  prepare(corpus: Corpus): FuzzProperty;
}

/** What fast-check checks for a target. */
export type FuzzProperty = fc.IProperty<[unknown]> | fc.IAsyncProperty<[unknown]>;

/** A frame of the corpus with changes. */
export interface FuzzedFrame {
  readonly seed: number;
  readonly other: number;
  readonly changes: readonly Mutation[];
}

/** Changed frames, by their place in the corpus. */
export function fuzzedFrames({ frames }: Corpus): fc.Arbitrary<FuzzedFrame> {
  const place = fc.nat(frames.length - 1);
  return fc.record({ seed: place, other: place, changes: mutations });
}

/** The bytes and the link type of a changed frame. */
export function frameOf({ frames }: Corpus, { seed, other, changes }: FuzzedFrame): SeedFrame {
  const frame = frames[seed]!;
  return { ...frame, bytes: mutate(frame.bytes, changes, frames[other]!.bytes) };
}
