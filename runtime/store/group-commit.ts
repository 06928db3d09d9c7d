/** Something to commit: its agent, and the room that it takes while it waits. */
export interface GroupItem {
  readonly agentId: string;
  readonly rowCount: number;
  readonly byteCount: number;
  /** Maximum of unacknowledged bytes of its sender; 0 where it is not known. */
  readonly windowBytes: number;
}

/** Bounds of a {@link GroupCommit}. */
export interface GroupCommitLimits {
  /**
   * Bytes and rows that may wait; {@link GroupCommit.ready} waits while there are more, and while an agent has its share, which is half or,
   * with more agents, an equal part.
   */
  readonly queuedBytes: number;
  readonly queuedRows: number;
  /** Rows, or bytes, that are worth a commit at once. */
  readonly groupRows: number;
  readonly groupBytes: number;
  /** Maximum rows of one commit, except for a single item that has more. */
  readonly maxGroupRows: number;
  /** Milliseconds that an item waits for others when few rows arrive, and at most when rows arrive fast. */
  readonly waitMs: number;
  readonly busyWaitMs: number;
  /** Rows after `waitMs` above which arrival counts as fast. */
  readonly busyRows: number;
  /** Milliseconds without a new item that close a group when rows arrive fast: its senders wait for their acknowledgements. */
  readonly idleMs: number;
}

/**
 * Commits items in groups, because each commit costs a sync of the disk and small ones cost the database more work a row. A group
 * closes when it has enough rows or bytes, when its senders have nothing more to send, or when its first item has waited long enough;
 * what arrives during a commit is the next group. Agents take turns in a group, so that one that floods the queue does not keep the
 * others' rows from the next commit.
 *
 * ```
 * agent a ─► [ item item item … ]
 * agent b ─► [ item ]             ─► in turn ─► commit(group) ─► each item's promise
 *              queuedBytes bound     maxGroupRows  one at a time
 * ```
 */
export class GroupCommit<Item extends GroupItem> {
  readonly #limits: GroupCommitLimits;
  readonly #commit: (items: readonly Item[]) => Promise<ReadonlyMap<Item, unknown>>;
  /** Items in order of arrival, by agent; only agents that have some. */
  readonly #queues = new Map<string, Entry<Item>[]>();
  /** Items queued or being committed, by agent and of all. */
  readonly #held = new Map<string, Amount & { items: number }>();
  readonly #heldByAll: Amount = { bytes: 0, rows: 0 };
  /** What waits for a group. */
  #queuedBytes = 0;
  #queuedRows = 0;
  /** A sender has half of its window in the queue: the commit of it takes place while the other half is sent. */
  #isWindowHalfFull = false;
  #firstArrival = 0;
  #lastArrival = 0;
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isUrgent = false;

  /** `commit` stores the items and returns the ones it refused with their errors; when it rejects, all have failed. */
  constructor(limits: GroupCommitLimits, commit: (items: readonly Item[]) => Promise<ReadonlyMap<Item, unknown>>) {
    this.#limits = limits;
    this.#commit = commit;
  }

  /** Resolves when there is room for another item of the agent. */
  async ready(agentId: string): Promise<void> {
    while (!this.#hasRoom(agentId)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Queues an item and resolves when it is committed. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = { item, resolve, reject };
      this.#lastArrival = performance.now();
      if (this.#queues.size === 0) this.#firstArrival = this.#lastArrival;
      const queue = this.#queues.get(item.agentId);
      if (queue === undefined) this.#queues.set(item.agentId, [entry]);
      else queue.push(entry);
      this.#hold(item);
      this.#queuedBytes += item.byteCount;
      this.#queuedRows += item.rowCount;
      const ownBytes = this.#held.get(item.agentId)!.bytes;
      if (item.windowBytes > 0 && ownBytes >= item.windowBytes / 2) this.#isWindowHalfFull = true;
      this.#schedule();
    });
  }

  /** Commits all that is queued without waiting for more. */
  async flush(): Promise<void> {
    this.#isUrgent = true;
    while (this.#queues.size > 0 || this.#running !== undefined) {
      this.#start();
      await this.#running;
    }
    this.#isUrgent = false;
  }

  /** Starts a commit when it is time for one, else looks again when it may be. */
  #schedule(): void {
    if (this.#running !== undefined || this.#queues.size === 0) return;
    const wait = this.#msUntilClosed();
    if (wait <= 0) this.#start();
    else this.#timer ??= setTimeout(() => this.#onTimer(), Math.ceil(wait));
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.#schedule();
  }

  /** Milliseconds until the group closes if nothing more arrives; 0 or less when it is closed. */
  #msUntilClosed(): number {
    const { groupRows, groupBytes, waitMs, busyWaitMs, busyRows, idleMs } = this.#limits;
    if (this.#isUrgent || this.#isWindowHalfFull || this.#queuedRows >= groupRows || this.#queuedBytes >= groupBytes)
      return 0;
    const now = performance.now();
    const untilWaited = this.#firstArrival + waitMs - now;
    if (this.#queuedRows < busyRows) return untilWaited;
    return Math.min(this.#firstArrival + busyWaitMs, this.#lastArrival + idleMs) - now;
  }

  #start(): void {
    if (this.#running !== undefined || this.#queues.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#takeGroup();
    this.#running = this.#run(group).finally(() => {
      this.#running = undefined;
      for (const { item } of group) this.#release(item);
      this.#wakeNext();
      this.#schedule();
    });
  }

  /** Takes one item of each agent in turn, as many as a commit may have; those of one agent stay in order. */
  #takeGroup(): Entry<Item>[] {
    const group: Entry<Item>[] = [];
    let rows = 0;
    let bytes = 0;
    const agents = new Set(this.#queues.keys());
    for (let taken = 0; agents.size > 0; taken++) {
      for (const agentId of agents) {
        const next = this.#queues.get(agentId)![taken];
        if (next !== undefined && (group.length === 0 || rows + next.item.rowCount <= this.#limits.maxGroupRows)) {
          group.push(next);
          rows += next.item.rowCount;
          bytes += next.item.byteCount;
        } else {
          agents.delete(agentId);
          this.#dropTaken(agentId, taken);
        }
      }
    }
    this.#queuedRows -= rows;
    this.#queuedBytes -= bytes;
    this.#firstArrival = performance.now();
    this.#isWindowHalfFull = false;
    return group;
  }

  /** Removes the first items of an agent; its other items come after those of the other agents. */
  #dropTaken(agentId: string, count: number): void {
    if (count === 0) return;
    const rest = this.#queues.get(agentId)!.slice(count);
    this.#queues.delete(agentId);
    if (rest.length > 0) this.#queues.set(agentId, rest);
  }

  /** Lets those that wait for room continue one by one, because what the first one adds may leave no room for the next. */
  #wakeNext(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const next = (i: number): void => {
      if (i === waiting.length) return;
      waiting[i]!();
      setImmediate(next, i + 1);
    };
    next(0);
  }

  #hasRoom(agentId: string): boolean {
    const { queuedBytes, queuedRows } = this.#limits;
    if (this.#heldByAll.bytes >= queuedBytes || this.#heldByAll.rows >= queuedRows) return false;
    const own = this.#held.get(agentId);
    if (own === undefined) return true;
    const agents = Math.max(2, this.#held.size);
    return own.bytes < queuedBytes / agents && own.rows < queuedRows / agents;
  }

  #hold({ agentId, byteCount, rowCount }: Item): void {
    const own = this.#held.get(agentId) ?? { bytes: 0, rows: 0, items: 0 };
    this.#held.set(agentId, own);
    own.items++;
    for (const amount of [own, this.#heldByAll]) {
      amount.bytes += byteCount;
      amount.rows += rowCount;
    }
  }

  #release({ agentId, byteCount, rowCount }: Item): void {
    const own = this.#held.get(agentId)!;
    if (--own.items === 0) this.#held.delete(agentId);
    for (const amount of [own, this.#heldByAll]) {
      amount.bytes -= byteCount;
      amount.rows -= rowCount;
    }
  }

  async #run(group: readonly Entry<Item>[]): Promise<void> {
    try {
      const refused = await this.#commit(group.map(({ item }) => item));
      for (const { item, resolve, reject } of group) {
        if (refused.has(item)) reject(refused.get(item));
        else resolve();
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

interface Amount {
  bytes: number;
  rows: number;
}

interface Entry<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}
