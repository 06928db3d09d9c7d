import type { GroupCommit, GroupItem } from "./group-commit.js";

/** Something to be committed, and whose it is. */
export interface FairItem extends GroupItem {
  readonly agentId: string;
}

/** Bounds of a {@link FairQueue}. */
export interface FairQueueLimits {
  /** Bytes and rows that may wait, all agents together; one agent may take its share of them, at most half. */
  readonly queuedBytes: number;
  readonly queuedRows: number;
  /** Rows that are handed over to the group commit at once: enough for the group that is committed and the one that forms. */
  readonly admittedRows: number;
}

/** The items of one agent. */
interface Lane<Item> {
  readonly waiting: Entry<Item>[];
  bytes: number;
  rows: number;
  admitted: number;
}

interface Entry<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hands items to a {@link GroupCommit}, from each agent in turn, so that an agent that sends much does not keep another's batch out of
 * the next group.
 *
 * ```
 * agent a ─► [ item item item ] ─┐
 * agent b ─► [ item ]           ─┼─ in turn ─► group commit
 * agent c ─► [ item item ]      ─┘
 * ```
 */
export class FairQueue<Item extends FairItem> {
  readonly #limits: FairQueueLimits;
  readonly #commits: GroupCommit<Item>;
  /** Agents with items that are not committed; those whose turn is next come first. */
  readonly #lanes = new Map<string, Lane<Item>>();
  #bytes = 0;
  #rows = 0;
  #admittedRows = 0;
  #sleepers: (() => void)[] = [];

  constructor(limits: FairQueueLimits, commits: GroupCommit<Item>) {
    this.#limits = limits;
    this.#commits = commits;
  }

  /** Resolves when there is room for another item of this agent. */
  async ready(agentId: string): Promise<void> {
    while (!this.#hasRoom(agentId)) await new Promise<void>((resolve) => this.#sleepers.push(resolve));
  }

  /** Queues an item and resolves when it is committed. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      const lane = this.#laneOf(item.agentId);
      lane.waiting.push({ item, resolve, reject });
      lane.bytes += item.byteCount;
      lane.rows += item.rowCount;
      this.#bytes += item.byteCount;
      this.#rows += item.rowCount;
      this.#admit();
    });
  }

  /** Commits all that is queued without waiting for more. */
  async flush(): Promise<void> {
    while (this.#lanes.size > 0) {
      await this.#commits.flush();
      // What was committed makes room for what waits.
      await Promise.resolve();
    }
  }

  #hasRoom(agentId: string): boolean {
    const { queuedBytes, queuedRows } = this.#limits;
    if (this.#bytes >= queuedBytes || this.#rows >= queuedRows) return false;
    const lane = this.#lanes.get(agentId);
    if (lane === undefined) return true;
    const agents = Math.max(2, this.#lanes.size);
    return lane.bytes < queuedBytes / agents && lane.rows < queuedRows / agents;
  }

  #laneOf(agentId: string): Lane<Item> {
    let lane = this.#lanes.get(agentId);
    if (lane === undefined) {
      lane = { waiting: [], bytes: 0, rows: 0, admitted: 0 };
      this.#lanes.set(agentId, lane);
    }
    return lane;
  }

  /** Hands over one item of each agent in turn while there is room; an agent that has none with the group commit always gets one in. */
  #admit(): void {
    for (let isAny = true; isAny; ) {
      isAny = false;
      for (const [agentId, lane] of [...this.#lanes]) {
        if (lane.waiting.length === 0) continue;
        if (lane.admitted > 0 && this.#admittedRows >= this.#limits.admittedRows) continue;
        isAny = true;
        // Its next turn comes after everyone else's.
        this.#lanes.delete(agentId);
        this.#lanes.set(agentId, lane);
        this.#handOver(agentId, lane, lane.waiting.shift()!);
      }
    }
  }

  #handOver(agentId: string, lane: Lane<Item>, { item, resolve, reject }: Entry<Item>): void {
    lane.admitted++;
    this.#admittedRows += item.rowCount;
    const settle = (): void => {
      lane.admitted--;
      lane.bytes -= item.byteCount;
      lane.rows -= item.rowCount;
      this.#bytes -= item.byteCount;
      this.#rows -= item.rowCount;
      this.#admittedRows -= item.rowCount;
      if (lane.admitted === 0 && lane.waiting.length === 0) this.#lanes.delete(agentId);
      this.#admit();
      for (const wake of this.#sleepers.splice(0)) wake();
    };
    this.#commits.add(item).then(
      () => {
        settle();
        resolve();
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  }
}
