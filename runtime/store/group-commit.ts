/** Something to be committed: how much room it takes while it waits. */
export interface GroupItem {
  readonly rowCount: number;
  readonly byteCount: number;
}

/** Bounds of a {@link GroupCommit}. */
export interface GroupCommitLimits {
  /** Bytes that may wait; {@link GroupCommit.ready} waits while there are more. */
  readonly queuedBytes: number;
  /** Rows that are worth a commit at once. */
  readonly groupRows: number;
  /** Milliseconds that an item waits for company when little arrives. */
  readonly waitMs: number;
  /** Milliseconds that an item waits when rows arrive fast. */
  readonly busyWaitMs: number;
  /** Rows after `waitMs` that tell fast from little. */
  readonly busyRows: number;
}

/**
 * Commits items in groups, because each commit costs a sync of the disk and small ones cost the database twice the
 * work a row. A group closes when it has enough rows, or when its first item has waited long enough; what arrives
 * during a commit is the next group.
 *
 * ```
 * add ─► [ item item item … ] ─► commit(group) ─► each item's promise
 *          queuedBytes bound      one at a time
 * ```
 */
export class GroupCommit<Item extends GroupItem> {
  readonly #limits: GroupCommitLimits;
  readonly #commit: (items: readonly Item[]) => Promise<ReadonlyMap<Item, unknown>>;
  #queue: Entry<Item>[] = [];
  #queuedBytes = 0;
  #queuedRows = 0;
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isUrgent = false;

  /** `commit` stores the items and returns the ones it refused with their errors; when it rejects, all have failed. */
  constructor(limits: GroupCommitLimits, commit: (items: readonly Item[]) => Promise<ReadonlyMap<Item, unknown>>) {
    this.#limits = limits;
    this.#commit = commit;
  }

  /** Resolves when there is room for another item. */
  async ready(): Promise<void> {
    while (this.#queuedBytes >= this.#limits.queuedBytes) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Queues an item and resolves when it is committed. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#queuedBytes += item.byteCount;
      this.#queuedRows += item.rowCount;
      this.#schedule();
    });
  }

  /** Commits all that is queued without waiting for more. */
  async flush(): Promise<void> {
    this.#isUrgent = true;
    while (this.#queue.length > 0 || this.#running !== undefined) {
      this.#start();
      await this.#running;
    }
    this.#isUrgent = false;
  }

  #schedule(): void {
    if (this.#running !== undefined || this.#queue.length === 0) return;
    if (this.#isFull()) this.#start();
    else this.#timer ??= setTimeout(() => this.#onWaited(), this.#limits.waitMs);
  }

  #isFull(): boolean {
    return (
      this.#isUrgent || this.#queuedRows >= this.#limits.groupRows || this.#queuedBytes >= this.#limits.queuedBytes
    );
  }

  #onWaited(): void {
    this.#timer = undefined;
    if (this.#queuedRows < this.#limits.busyRows) this.#start();
    else this.#timer = setTimeout(() => this.#start(), this.#limits.busyWaitMs - this.#limits.waitMs);
  }

  #start(): void {
    if (this.#running !== undefined || this.#queue.length === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#queue;
    this.#queue = [];
    this.#queuedRows = 0;
    this.#running = this.#run(group).finally(() => {
      this.#running = undefined;
      for (const { item } of group) this.#queuedBytes -= item.byteCount;
      for (const resume of this.#waiting.splice(0)) resume();
      this.#schedule();
    });
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

interface Entry<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}
