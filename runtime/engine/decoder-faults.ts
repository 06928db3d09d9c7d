import type { DecoderFault } from "./decoder-fault.js";
import { faultPlace } from "./fault-place.js";
import type { SourceLookup } from "./source-lookup.js";

/** Failures that a plugin may have at once; every {@link CALLS_PER_FAULT} successful calls restore one. */
const MAX_FAULTS = 100;
/** A plugin that fails less often than once in this number of calls is never switched off. */
const CALLS_PER_FAULT = 100;
/** Maximum number of reported places of one plugin. */
const MAX_PLACES = 8;
const MAX_MESSAGE_LENGTH = 200;

/** Called with failures; see {@link DecoderFault} for which ones. */
export type DecoderFaultListener = (fault: DecoderFault) => void;

/**
 * Counts the failures of plugins' hooks: errors, and returned values that are not verdicts. A plugin that fails in more than
 * about one call in a hundred is switched off after a hundred failures.
 */
export class DecoderFaults {
  /** By plugin: 1 after it was switched off. */
  readonly isOff: Uint8Array;
  /** By plugin: number of failures. */
  readonly counts: Float64Array;
  readonly #resources: readonly string[];
  readonly #listener: DecoderFaultListener | undefined;
  readonly #sourceOf: SourceLookup | undefined;
  readonly #callsOf: (plugin: number) => number;
  readonly #onOff: (plugin: number) => void;
  readonly #left: Float64Array;
  readonly #callsBefore: Float64Array;
  readonly #places: readonly Set<string>[];

  /** `callsOf` returns the number of successful calls of a plugin; `onOff` is called when one is switched off. */
  constructor(
    resources: readonly string[],
    listener: DecoderFaultListener | undefined,
    sourceOf: SourceLookup | undefined,
    callsOf: (plugin: number) => number,
    onOff: (plugin: number) => void,
  ) {
    this.#resources = resources;
    this.#listener = listener;
    this.#sourceOf = sourceOf;
    this.#callsOf = callsOf;
    this.#onOff = onOff;
    this.isOff = new Uint8Array(resources.length);
    this.counts = new Float64Array(resources.length);
    this.#left = new Float64Array(resources.length).fill(MAX_FAULTS);
    this.#callsBefore = new Float64Array(resources.length);
    this.#places = resources.map(() => new Set());
  }

  /** Counts an error of a hook. */
  thrown(plugin: number, hook: string, error: unknown, frameNumber: number): void {
    let place: string | undefined;
    let reason: unknown = "the hook threw a value that cannot be read";
    try {
      place = faultPlace(error, this.#sourceOf);
      reason = error instanceof Error ? error.message : error;
    } catch {
      // Reading the thrown value throws.
      error = undefined;
    }
    this.#count(plugin, hook, place, reason, error, frameNumber);
  }

  /** Counts an invalid return value of a hook; `expected` describes the valid ones. */
  returned(plugin: number, hook: string, value: unknown, expected: string, frameNumber: number): void {
    this.#count(
      plugin,
      hook,
      undefined,
      `${hook} returned ${textOf(value)}, which is not ${expected}`,
      undefined,
      frameNumber,
    );
  }

  /** Makes the next failure of a plugin switch it off, because it cannot be called at all. */
  disable(plugin: number): void {
    this.#left[plugin] = 1;
  }

  #count(
    plugin: number,
    hook: string,
    place: string | undefined,
    reason: unknown,
    error: unknown,
    frameNumber: number,
  ): void {
    const count = ++this.counts[plugin]!;
    if (this.isOff[plugin] === 1) return;
    const calls = this.#callsOf(plugin);
    const regained = Math.floor((calls - this.#callsBefore[plugin]!) / CALLS_PER_FAULT);
    this.#callsBefore[plugin]! += regained * CALLS_PER_FAULT;
    const left = Math.min(MAX_FAULTS, this.#left[plugin]! + regained) - 1;
    this.#left[plugin] = left;
    const isSwitchedOff = left <= 0;
    const places = this.#places[plugin]!;
    const key = place ?? hook;
    const isNews = places.size < MAX_PLACES && !places.has(key);
    if (isNews) places.add(key);
    if (isSwitchedOff) {
      this.isOff[plugin] = 1;
      this.#onOff(plugin);
    }
    if (!isNews && !isSwitchedOff) return;
    const [line] = textOf(reason).split("\n", 1);
    const message = line!.replace(/\p{Cc}/gu, "?").slice(0, MAX_MESSAGE_LENGTH);
    const resource = this.#resources[plugin]!;
    this.#listener?.({ resource, hook, place, frameNumber, message, error, count, isSwitchedOff });
  }
}

/** A value as text; a value that cannot be converted is described by its type. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}
