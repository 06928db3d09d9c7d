import type { SlotOrder } from "../memory/slot-order.js";
import { type ConversationMemory, SLOT_NUMBERS, SlotNumber } from "./conversation-memory.js";
import type { ConversationLimits } from "./conversation-tracker.js";
import { WAITS, Wait } from "./wait.js";

const NUMBERS = SLOT_NUMBERS;
const ARRIVAL = SlotNumber.Arrival;

/** Finds conversations whose timeout has passed, by the lists of {@link Wait} that they are in. */
export class ConversationTimeouts {
  readonly #numbers: Float64Array;
  readonly #order: SlotOrder;
  /** Nanoseconds, by {@link Wait}. */
  readonly #timeouts = new Float64Array(WAITS);

  constructor(limits: ConversationLimits, { numbers }: ConversationMemory, order: SlotOrder) {
    this.#numbers = numbers;
    this.#order = order;
    this.#timeouts[Wait.Datagrams] = limits.idleMs * 1e6;
    this.#timeouts[Wait.HalfOpen] = limits.halfOpenMs * 1e6;
    this.#timeouts[Wait.Established] = limits.establishedMs * 1e6;
    this.#timeouts[Wait.Closed] = limits.lingerMs * 1e6;
  }

  /** Limits arrivals to `now` after a clock jump turned out to be wrong: later arrivals become `now`. */
  rewind(now: number): void {
    const order = this.#order;
    for (let wait = 0; wait < WAITS; wait++) {
      for (
        let slot = order.newest(wait);
        slot !== -1 && this.#numbers[slot * NUMBERS + ARRIVAL]! > now;
        slot = order.older(slot)
      ) {
        this.#numbers[slot * NUMBERS + ARRIVAL] = now;
      }
    }
  }

  /** The conversation that has waited for the largest part of its timeout. */
  nextToEvict(now: number): number {
    return this.#first(
      (slot, wait) => (this.#numbers[slot * NUMBERS + ARRIVAL]! - now) / Math.max(1, this.#timeouts[wait]!),
    );
  }

  /** The conversation whose timeout ends, or ended, first; -1 if the table is empty. */
  nextToEnd(): number {
    return this.#first((slot, wait) => this.#numbers[slot * NUMBERS + ARRIVAL]! + this.#timeouts[wait]!);
  }

  /** The conversation without a packet for the longest time; -1 if the table is empty. */
  longest(): number {
    return this.#first((slot) => this.#numbers[slot * NUMBERS + ARRIVAL]!);
  }

  /** Of the longest-waiting conversations of each kind, the one with the smallest rank. */
  #first(rankOf: (slot: number, wait: number) => number): number {
    const order = this.#order;
    let first = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let wait = 0; wait < WAITS; wait++) {
      const slot = order.oldest(wait);
      if (slot === -1) continue;
      const rank = rankOf(slot, wait);
      if (rank >= least) continue;
      least = rank;
      first = slot;
    }
    return first;
  }

  /** Whether the conversation has timed out at `now`. */
  isIdle(slot: number, now: number): boolean {
    return now - this.#numbers[slot * NUMBERS + ARRIVAL]! >= this.#timeouts[this.#order.listOf(slot)]!;
  }
}
