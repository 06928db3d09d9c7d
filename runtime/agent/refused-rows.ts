/** Reasons with a counter of their own; all others share one. */
const REASON = /^[a-z][a-z_]{0,39}$/;
const MAX_REASONS = 64;

/** Rows of one plugin that were refused for one reason. */
export interface RefusedCount {
  readonly resource: string;
  readonly reason: string;
  readonly rows: number;
}

/** Counts the rows that are lost because they cannot be stored, by plugin and reason, and reports each such pair once. */
export class RefusedRows {
  readonly #resources: ReadonlyMap<string, string>;
  readonly #say: (message: string) => void;
  readonly #counts = new Map<string, { resource: string; reason: string; rows: number }>();

  /** `resources` has the plugin's name by event type. */
  constructor(resources: ReadonlyMap<string, string>, say: (message: string) => void) {
    this.#resources = resources;
    this.#say = say;
  }

  add(eventType: string, rows: number, code: string, message: string): void {
    const resource = this.#resources.get(eventType) ?? "other";
    const reason = REASON.test(code) ? code : "other";
    const name = `${resource}.refused_rows.${reason}`;
    const known = this.#counts.get(name);
    if (known !== undefined) known.rows += rows;
    else if (this.#counts.size < MAX_REASONS) {
      this.#counts.set(name, { resource, reason, rows });
      this.#say(`${rows} ${resource} rows were refused (${reason}): ${message}; rows refused later are only counted`);
    }
  }

  /** What was counted. */
  get counts(): readonly RefusedCount[] {
    return [...this.#counts.values()];
  }

  /** Adds the counts to an agent's counters: `uplink.refused_rows`, and such as `dns.refused_rows.malformed_row_group`. */
  addTo(counters: Map<string, number>): void {
    let sum = 0;
    for (const [name, { rows }] of this.#counts) {
      counters.set(name, rows);
      sum += rows;
    }
    counters.set("uplink.refused_rows", sum);
  }
}
