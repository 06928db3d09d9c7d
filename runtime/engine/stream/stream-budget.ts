import type { StreamConnection } from "./stream-connection.js";
import type { StreamCounters, StreamLimits } from "./stream-limits.js";

/** Accounts for the bytes that connections hold, and selects the connections to give up over the limits, the longest-holding first. */
export class StreamBudget {
  readonly #limits: StreamLimits;
  readonly #counters: StreamCounters;
  /** Connections that hold bytes, in the order in which they began to, by plugin. */
  readonly #holders: readonly Set<StreamConnection>[];
  readonly #all = new Set<StreamConnection>();
  readonly #pluginBytes: Float64Array;
  #totalBytes = 0;

  constructor(plugins: number, limits: StreamLimits, counters: StreamCounters) {
    this.#limits = limits;
    this.#counters = counters;
    this.#holders = Array.from({ length: plugins }, () => new Set());
    this.#pluginBytes = new Float64Array(plugins);
  }

  /** Bytes held by all connections. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Updates the account to what the connection holds now. */
  account(connection: StreamConnection): void {
    const cost = connection.costBytes;
    const before = connection.accountedBytes;
    if (cost === before) return;
    connection.accountedBytes = cost;
    this.#pluginBytes[connection.plugin]! += cost - before;
    this.#totalBytes += cost - before;
    if (before === 0) {
      this.#holders[connection.plugin]!.add(connection);
      this.#all.add(connection);
    } else if (cost === 0) {
      this.#holders[connection.plugin]!.delete(connection);
      this.#all.delete(connection);
    }
  }

  /** Moves the bytes of a connection to the account of another plugin, which takes it over. */
  transfer(connection: StreamConnection, plugin: number): void {
    const { accountedBytes } = connection;
    if (accountedBytes > 0) {
      this.#pluginBytes[connection.plugin]! -= accountedBytes;
      this.#pluginBytes[plugin]! += accountedBytes;
      this.#holders[connection.plugin]!.delete(connection);
      this.#holders[plugin]!.add(connection);
    }
    connection.plugin = plugin;
  }

  /** A connection to give up because a limit is exceeded, which is counted; undefined if no limit is. */
  nextToEvict(plugin: number): StreamConnection | undefined {
    if (this.#totalBytes > this.#limits.totalBytes) {
      this.#counters.evictedByTotal++;
      return first(this.#all);
    }
    if (this.#pluginBytes[plugin]! > this.#limits.pluginBytes) {
      this.#counters.evictedByPlugin++;
      return first(this.#holders[plugin]!);
    }
    return undefined;
  }
}

function first<Item>(items: Iterable<Item>): Item | undefined {
  for (const item of items) return item;
  return undefined;
}
