import { currentTime } from "../schema/current-time.js";
import { formatTimestamp } from "../schema/timestamp-text.js";
import { WireloomError } from "../wireloom-error.js";
import type { Agent } from "./agent-directory.js";
import { GroupCommit, type GroupCommitLimits } from "./group-commit.js";
import type { IngestDatabase } from "./ingest-database.js";
import type { CommitListener, IngestSession, SessionIntroduction } from "./ingest-store.js";
import { type LiveAgent, LiveAgents } from "./live-agents.js";
import { type QueuedBatch, QueuedSession } from "./queued-session.js";
import { RefusalLog } from "./refusal-log.js";

/** Maximum number of agents in a database. */
const MAX_AGENTS = 10_000;
/** Maximum number of sessions in a database, and how many are deleted at once when there are more. */
const MAX_SESSIONS = 100_000;
const FORGOTTEN_SESSIONS = 1000;
/** Milliseconds that counters without rows wait to be written. */
const REPORT_WRITE_MS = 5000;
/** Milliseconds between two notices to one agent that another one has its id. */
const NOTICE_MS = 60_000;

/** Bounds of {@link IngestSessions}. */
export interface IngestSessionsLimits extends GroupCommitLimits {
  readonly maxAgents?: number;
  readonly maxSessions?: number;
}

/**
 * Sessions of all agents in front of one database: keeps sequences in order, groups batches into transactions, and
 * keeps one agent's mistake from the others' rows.
 */
export class IngestSessions {
  readonly #database: IngestDatabase;
  readonly #maxAgents: number;
  readonly #maxSessions: number;
  readonly #queue: GroupCommit<QueuedBatch>;
  readonly #agents = new LiveAgents(() => this.#scheduleReports());
  /** Open, or with batches that are not committed. */
  readonly #sessions = new Map<string, QueuedSession>();
  readonly #refusals = new RefusalLog();
  readonly #listeners = new Set<CommitListener>();
  readonly #lastNotices = new WeakMap<LiveAgent, number>();
  /** Ids of agents that the database has or that are connected. */
  #agentIds: Set<string> | undefined;
  readonly #storedAgentIds = new Set<string>();
  #sessionCount = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #reportTimer: NodeJS.Timeout | undefined;

  constructor(database: IngestDatabase, limits: IngestSessionsLimits) {
    this.#database = database;
    this.#maxAgents = limits.maxAgents ?? MAX_AGENTS;
    this.#maxSessions = limits.maxSessions ?? MAX_SESSIONS;
    this.#queue = new GroupCommit(limits, (items) => this.#exclusively(() => this.#commit(items)));
  }

  /** Opens a session; the one of the same id that is open elsewhere ends, and what it has queued is not stored. */
  async open(introduction: SessionIntroduction): Promise<IngestSession> {
    const id = Buffer.from(introduction.sessionId).toString("hex");
    this.#refuseSecond(id, introduction);
    await this.#loadCounts();
    this.#refuseSecond(id, introduction);
    this.#refuseTooMany(introduction.agentId);
    const before = this.#sessions.get(id);
    if (before !== undefined && before.agentId !== introduction.agentId) throw anothers();
    before?.fail(new WireloomError("unavailable", "the session was opened again on another stream"));
    const agent = this.#agents.enter(introduction);
    const session = new QueuedSession(id, agent, introduction.windowBytes ?? 0, this.#queue, (idle) =>
      this.#leave(idle),
    );
    this.#agentIds!.add(agent.id);
    this.#sessions.set(id, session);
    agent.sessionCount++;
    agent.join(session, introduction);
    try {
      const stored = await this.#exclusively(() => this.#database.findSession(id));
      if (stored !== undefined && stored.agentId !== agent.id) throw anothers();
      session.start(stored?.committedSequence);
      const { acknowledgedSequence } = introduction;
      if (acknowledgedSequence !== undefined) session.refusedBefore = this.#refusals.after(id, acknowledgedSequence);
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Agents as they stand now, in the order of their ids; `read` reads those of the database. */
  listAgents(read: () => Promise<readonly Agent[]>): Promise<Agent[]> {
    return this.#agents.list(read);
  }

  /** An agent as it stands now; undefined where neither the database has it, which `read` asks, nor it reported. */
  findAgent(id: string, read: () => Promise<Agent | undefined>): Promise<Agent | undefined> {
    return this.#agents.find(id, read);
  }

  /** Writes all that is queued, and what agents reported. */
  async flush(): Promise<void> {
    await this.#queue.flush();
    clearTimeout(this.#reportTimer);
    await this.#writeReports();
  }

  #refuseSecond(id: string, introduction: SessionIntroduction): void {
    const agent = this.#agents.get(introduction.agentId);
    // An agent joins with the sessions of this class only.
    const other = agent?.session as QueuedSession | undefined;
    if (agent === undefined || other === undefined || other.id === id) return;
    const since = formatTimestamp(agent.connectedSince!).replace(/\.\d+/, "");
    const last = this.#lastNotices.get(agent) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - last >= NOTICE_MS) {
      this.#lastNotices.set(agent, performance.now());
      other.notify(
        `another agent with the id ${agent.id}, on host ${introduction.hostname}, was refused; give it another name with --id`,
      );
    }
    throw new WireloomError(
      "already_exists",
      `an agent with the id ${agent.id} is connected, from host ${agent.introduction.hostname} since ${since}; give this one another name with --id`,
    );
  }

  #refuseTooMany(agentId: string): void {
    const ids = this.#agentIds!;
    if (ids.has(agentId) || ids.size < this.#maxAgents) return;
    throw new WireloomError(
      "resource_exhausted",
      `this collector has ${this.#maxAgents} agents already; use the id of one of them or another collector`,
    );
  }

  async #loadCounts(): Promise<void> {
    if (this.#agentIds !== undefined) return;
    await this.#exclusively(async () => {
      if (this.#agentIds !== undefined) return;
      const { agentIds, sessions } = await this.#database.counts();
      for (const id of agentIds) this.#storedAgentIds.add(id);
      this.#agentIds = new Set(agentIds);
      this.#sessionCount = sessions;
    });
  }

  /** The session is closed, and nothing of it is queued. */
  #leave(session: QueuedSession): void {
    if (this.#sessions.get(session.id) === session) this.#sessions.delete(session.id);
    if (session.hasEnded) this.#refusals.forget(session.id);
    session.agent.sessionCount--;
    this.#forget(session.agent);
  }

  #forget(agent: LiveAgent): void {
    if (this.#agents.forget(agent) && !this.#storedAgentIds.has(agent.id)) this.#agentIds?.delete(agent.id);
  }

  /** Runs one write after the other: the database has one writer, and its transactions would refuse each other. */
  #exclusively<Result>(write: () => Promise<Result>): Promise<Result> {
    const result = this.#lastWrite.then(write);
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  /** Stores the batches and returns the refused ones with their errors. */
  async #commit(items: readonly QueuedBatch[]): Promise<Map<QueuedBatch, unknown>> {
    const accepted = items.filter(({ session }) => session.error === undefined);
    try {
      await this.#storeReadable(accepted);
    } catch (error) {
      for (const { session } of accepted) session.fail(error);
      throw error;
    }
    for (const { session, batch, refused } of accepted) {
      session.committedSequence = batch.sequence;
      this.#refusals.add(session.id, batch.sequence, refused);
    }
    if (this.#listeners.size > 0) {
      const committed = accepted.map(({ agentId, batch }) => ({ agentId, rowGroups: batch.rowGroups }));
      for (const listener of this.#listeners) listener(committed);
    }
    const stored = new Set(accepted);
    return new Map(items.filter((item) => !stored.has(item)).map((item) => [item, item.session.error] as const));
  }

  /** Stores the batches without the row groups that cannot be read, of which it seldom finds any. */
  async #storeReadable(accepted: readonly QueuedBatch[]): Promise<void> {
    try {
      await this.#store(accepted);
    } catch (error) {
      if (!(error instanceof WireloomError) || error.code !== "malformed_row_group") throw error;
      let isAny = false;
      for (const item of accepted) {
        if (!(await item.refuseMalformed())) continue;
        item.session.isSuspect = true;
        isAny = true;
      }
      // Every row group can be read, so the agents did not cause the failure.
      if (!isAny) throw new WireloomError("store_failed", error.message, { cause: error });
      await this.#store(accepted);
    }
  }

  async #store(batches: readonly QueuedBatch[]): Promise<void> {
    const agents = new Set([...batches.map(({ session }) => session.agent), ...this.#agents.dirty()]);
    if (agents.size === 0) return;
    const newSessions = new Set(batches.map(({ session }) => session).filter(({ isStored }) => !isStored));
    const excess = this.#sessionCount + newSessions.size - this.#maxSessions;
    const forgetSessions = excess > 0 ? excess + Math.min(FORGOTTEN_SESSIONS, this.#maxSessions >> 3) : 0;
    const written = [...agents].map((agent) => ({ agent, revision: agent.revision }));
    await this.#database.store({
      batches,
      agents: [...agents],
      forgetSessions,
      openSessions: [...this.#sessions.keys()],
      now: currentTime(),
    });
    for (const session of newSessions) session.isStored = true;
    this.#sessionCount += newSessions.size;
    if (forgetSessions > 0) this.#sessionCount = (await this.#database.counts()).sessions;
    for (const { agent, revision } of written) {
      this.#storedAgentIds.add(agent.id);
      // What it reported while it was being written is for the next time.
      agent.markWritten(revision);
      this.#forget(agent);
    }
  }

  #scheduleReports(): void {
    this.#reportTimer ??= setTimeout(() => {
      // What the write failed with is the store's to report; the reports are written with the next ones.
      void this.#writeReports().catch(() => this.#scheduleReports());
    }, REPORT_WRITE_MS).unref();
  }

  async #writeReports(): Promise<void> {
    this.#reportTimer = undefined;
    await this.#exclusively(() => this.#store([]));
  }
}

function anothers(): WireloomError {
  return new WireloomError(
    "permission_denied",
    "the session belongs to another agent; open one with a session id of its own",
  );
}
