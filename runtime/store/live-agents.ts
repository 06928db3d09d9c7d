import { currentTime } from "../schema/current-time.js";
import type { Agent } from "./agent-directory.js";
import type { SessionIntroduction } from "./ingest-store.js";

/** An agent's state that is to be written to the database, beside rows. */
export interface AgentFacts {
  readonly introduction: SessionIntroduction;
  /** When it came, for an agent that the database does not have. */
  readonly firstSeen: bigint;
  readonly lastSeen: bigint;
  /** Empty where the agent sent none since the collector started. */
  readonly counters: ReadonlyMap<string, bigint>;
  readonly hasEnded: boolean;
}

/** An agent that is connected or has unwritten changes. */
export class LiveAgent implements AgentFacts {
  introduction: SessionIntroduction;
  readonly firstSeen = currentTime();
  lastSeen = this.firstSeen;
  counters: ReadonlyMap<string, bigint> = new Map();
  hasEnded = false;
  /** Grows with everything that is to be written. */
  revision = 0;
  #writtenRevision = 0;
  #isWritten = false;
  /** Time at which the open session was opened; undefined where none is open. */
  connectedSince: bigint | undefined;
  /** The session that is open now. */
  session: object | undefined;
  /** Sessions that are open, or have batches that are not committed. */
  sessionCount = 0;
  readonly #onChange: () => void;

  constructor(introduction: SessionIntroduction, onChange: () => void) {
    this.introduction = introduction;
    this.#onChange = onChange;
  }

  get id(): string {
    return this.introduction.agentId;
  }

  /** True where there are unwritten changes. */
  get isDirty(): boolean {
    return this.revision !== this.#writtenRevision;
  }

  /** True where it reported something or the database has it; an agent that only connected is not listed. */
  get isKnown(): boolean {
    return this.#isWritten || this.revision > 0;
  }

  /** Notes that everything up to this revision is written. */
  markWritten(revision: number): void {
    this.#writtenRevision = revision;
    this.#isWritten = true;
  }

  /** A session of the agent is open. */
  join(session: object, introduction: SessionIntroduction): void {
    this.session = session;
    this.introduction = introduction;
    this.connectedSince = currentTime();
    this.lastSeen = this.connectedSince;
    this.hasEnded = false;
  }

  /** A session of the agent is closed. */
  leave(session: object): void {
    if (this.session !== session) return;
    this.session = undefined;
    this.connectedSince = undefined;
  }

  touch(): void {
    this.lastSeen = currentTime();
  }

  report(counters: ReadonlyMap<string, bigint>, hasEnded: boolean): void {
    this.touch();
    if (counters.size > 0) this.counters = counters;
    this.hasEnded = hasEnded;
    this.revision++;
    this.#onChange();
  }

  /** The agent as it stands now; `stored` is what the database has of it. */
  overlay(stored: Agent | undefined): Agent {
    const { introduction, lastSeen, connectedSince } = this;
    return {
      id: this.id,
      hostname: introduction.hostname,
      version: introduction.version,
      labels: introduction.labels,
      firstSeen: stored?.firstSeen ?? this.firstSeen,
      lastSeen,
      state: connectedSince !== undefined ? "connected" : this.hasEnded ? "ended" : "gone",
      stateSince: connectedSince ?? lastSeen,
      rowCount: stored?.rowCount ?? 0n,
      counters: this.counters.size > 0 ? Object.fromEntries(this.counters) : (stored?.counters ?? {}),
    };
  }
}

/** Agents that are connected or have unwritten changes, by id. */
export class LiveAgents {
  readonly #agents = new Map<string, LiveAgent>();
  readonly #onChange: () => void;

  /** `onChange` is called when something is to be written. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get(id: string): LiveAgent | undefined {
    return this.#agents.get(id);
  }

  /** The agent of this introduction, which is live until {@link forget}. */
  enter(introduction: SessionIntroduction): LiveAgent {
    const known = this.#agents.get(introduction.agentId);
    if (known !== undefined) return known;
    const agent = new LiveAgent(introduction, this.#onChange);
    this.#agents.set(agent.id, agent);
    return agent;
  }

  /** Removes an agent without a session and without unwritten changes; true where it was present. */
  forget(agent: LiveAgent): boolean {
    if (agent.sessionCount > 0 || agent.isDirty || this.#agents.get(agent.id) !== agent) return false;
    return this.#agents.delete(agent.id);
  }

  /** Agents with unwritten changes. */
  dirty(): LiveAgent[] {
    return [...this.#agents.values()].filter(({ isDirty }) => isDirty);
  }

  /**
   * Agents of the database as they stand now, and those that are not in it yet, in the order of their ids. An agent that is written while
   * `read` runs may be in what that returns, here, or in neither: so those count that were here before it, too.
   */
  async list(read: () => Promise<readonly Agent[]>): Promise<Agent[]> {
    const before = [...this.#agents];
    const merged = new Map((await read()).map((agent) => [agent.id, agent]));
    for (const [id, agent] of new Map([...before, ...this.#agents])) {
      if (agent.isKnown || merged.has(id)) merged.set(id, agent.overlay(merged.get(id)));
    }
    return [...merged.values()].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  }

  /** The agent of this id as {@link list} has it; undefined where it is in neither. */
  async find(id: string, read: () => Promise<Agent | undefined>): Promise<Agent | undefined> {
    const before = this.#agents.get(id);
    const stored = await read();
    const live = this.#agents.get(id) ?? before;
    return live !== undefined && (live.isKnown || stored !== undefined) ? live.overlay(stored) : stored;
  }
}
