import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { DnsField, DnsService } from "../../generated/dns/dns_service_pb.js";
import { Operator } from "../../generated/wireloom/v1/operator_pb.js";
import type { CollectorProcess } from "../attack/collector-process.js";
import { BATCH_ROWS, dnsRow, idText, PERIOD, timeOf } from "../attack/dns-rows.js";
import { RowChecker } from "./row-checker.js";

const WRITER = fileURLToPath(new URL("./write-rows.ts", import.meta.url));

/** The first seconds, at most, whose times are not counted: the machine code of both sides is made in them. */
const WARM_UP_SECONDS = 15;

/** What readers found while rows were stored. */
export interface ReadResult {
  /** Rows that were committed. */
  rows: number;
  /** By endpoint. */
  readonly endpoints: ReadonlyMap<string, EndpointResult>;
  /** Values that are not those that were sent, and answers that are not as documented. */
  readonly mistakes: string[];
}

/** Answers of one endpoint. */
export interface EndpointResult {
  answers: number;
  /** Refused for the load, with 503 and Retry-After, or for the deadline with 504. */
  refusals: number;
  /** Of the answers after the {@link WARM_UP_SECONDS} or a quarter of the run. */
  readonly milliseconds: number[];
}

/** Stores rows at full rate, while as many readers as given ask every endpoint in turn and check each value that comes back. */
export async function readBesideIngest(
  collector: CollectorProcess,
  seconds: number,
  readers: number,
): Promise<ReadResult> {
  const result: ReadResult = { rows: 0, endpoints: new Map(), mistakes: [] };
  const warmUntil = performance.now() + Math.min(WARM_UP_SECONDS, seconds / 4) * 1000;
  const until = performance.now() + seconds * 1000;
  const writing = write(collector.url, seconds, result);
  // The agent is known, and has rows, from its first commit on.
  while (result.rows === 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  const checker = new RowChecker();
  const reading = Array.from({ length: readers }, (_, i) =>
    new Reader(collector.url, result, checker, warmUntil, i).run(until),
  );
  await Promise.all([...reading, writing]);
  checker.close();
  return result;
}

/** Rows come from a process of their own, so that neither waits for the other in the readers' times. */
async function write(url: string, seconds: number, result: ReadResult): Promise<void> {
  const writer = fork(WRITER, [url, String(seconds)], { execArgv: ["--import", import.meta.resolve("tsx")] });
  writer.on("message", (rows: number) => {
    result.rows = rows;
  });
  const code = await new Promise((resolve) => writer.once("close", resolve));
  if (code !== 0) result.mistakes.push(`the writer ended with exit code ${code}`);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** Asks one endpoint after the other. */
class Reader {
  readonly #url: string;
  readonly #result: ReadResult;
  readonly #checker: RowChecker;
  readonly #warmUntil: number;
  readonly #client;
  #turn: number;

  constructor(url: string, result: ReadResult, checker: RowChecker, warmUntil: number, turn: number) {
    this.#url = url;
    this.#result = result;
    this.#checker = checker;
    this.#warmUntil = warmUntil;
    this.#turn = turn;
    this.#client = createClient(DnsService, createConnectTransport({ baseUrl: url, httpVersion: "2" }));
  }

  async run(until: number): Promise<void> {
    const asks: (() => Promise<void>)[] = [
      () => this.#list("page", "/v1/dns"),
      () => this.#list("page of a filter", "/v1/dns?rcode_eq=NXDOMAIN&page_size=200"),
      () => this.#list("page of a time", "/v1/dns?time_gte=2023-11-14T22:14:00Z&time_lt=2023-11-14T22:14:10Z"),
      () => this.#list("page of an agent", "/v1/agents/writer/dns?page_size=20"),
      () => this.#list("page in another order", "/v1/dns?order_by=latency%20desc&page_size=20"),
      () => this.#list("page with a capped count", "/v1/dns?count=capped&query_name_prefix=n3"),
      () => this.#row(),
      () => this.#export(),
      () => this.#agents(),
      () => this.#health(),
      () => this.#connect(),
    ];
    for (; performance.now() < until; this.#turn++) {
      try {
        await asks[this.#turn % asks.length]!();
      } catch (error) {
        this.#mistake(error instanceof Error ? error.message : String(error));
      }
    }
  }

  async #list(name: string, path: string): Promise<void> {
    const answer = await this.#get(name, path);
    if (answer !== undefined) await this.#check(name, "page", answer);
  }

  /** Any row that was committed, asked for by its id. */
  async #row(): Promise<void> {
    const serial = Math.floor(Math.random() * this.#result.rows);
    const answer = await this.#get("row", `/v1/dns/${idText(serial)}`);
    if (answer !== undefined) await this.#check("row", "row", answer);
  }

  /** Some rows of an export, which is then broken off. */
  async #export(): Promise<void> {
    const stop = new AbortController();
    const started = performance.now();
    const response = await fetch(`${this.#url}/v1/dns`, {
      headers: { accept: "application/x-ndjson" },
      signal: stop.signal,
    });
    if (response.status !== 200) {
      this.#refusal("export", response.status, response.headers.get("retry-after"), await response.text());
      return;
    }
    let text = "";
    let isFirst = true;
    try {
      for await (const chunk of response.body!) {
        if (isFirst) this.#count("export", performance.now() - started);
        isFirst = false;
        text += Buffer.from(chunk).toString("latin1");
        if (text.length > 2_000_000) break;
      }
    } finally {
      stop.abort();
    }
    await this.#check("export", "lines", text);
  }

  async #agents(): Promise<void> {
    const answer = await this.#get("agents", "/v1/agents");
    if (answer === undefined) return;
    for (const { id, rows } of (JSON.parse(answer) as { data: { id: string; rows: number }[] }).data) {
      if (id !== "writer" || rows % BATCH_ROWS !== 0) this.#mistake(`agents: ${id} has ${rows} rows`);
    }
  }

  async #health(): Promise<void> {
    const answer = await this.#get("health", "/healthz");
    if (answer !== undefined && answer !== '{"status":"ok"}\n') this.#mistake(`health: ${answer}`);
  }

  async #connect(): Promise<void> {
    const started = performance.now();
    const filters = [{ field: DnsField.RCODE, operator: Operator.EQ, values: ["NXDOMAIN"] }];
    const { rows } = await this.#client.listDns({ filters });
    this.#count("Connect", performance.now() - started);
    for (const row of rows) {
      const serial = Buffer.from(row.observation!.id).readUInt32BE(12);
      const sent = dnsRow(serial % PERIOD);
      const isRight =
        row.queryName === sent.queryName &&
        row.latency === sent.latency &&
        row.observation?.time === timeOf(serial) &&
        row.answerNames.join() === sent.answerNames?.join();
      if (!isRight) this.#mistake(`Connect: row ${serial} of ${JSON.stringify(row.queryName)}`);
    }
  }

  async #get(name: string, path: string): Promise<string | undefined> {
    const started = performance.now();
    const response = await fetch(this.#url + path);
    const answer: Answer = {
      status: response.status,
      text: await response.text(),
      retryAfter: response.headers.get("retry-after"),
    };
    if (answer.status === 200) {
      this.#count(name, performance.now() - started);
      return answer.text;
    }
    this.#refusal(name, answer.status, answer.retryAfter, answer.text);
    return undefined;
  }

  async #check(name: string, form: "page" | "row" | "lines", text: string): Promise<void> {
    for (const mistake of await this.#checker.check(form, text)) this.#mistake(`${name}: ${mistake}`);
  }

  #endpoint(name: string): EndpointResult {
    const known = this.#result.endpoints.get(name);
    if (known !== undefined) return known;
    const endpoint: EndpointResult = { answers: 0, refusals: 0, milliseconds: [] };
    (this.#result.endpoints as Map<string, EndpointResult>).set(name, endpoint);
    return endpoint;
  }

  #count(name: string, milliseconds: number): void {
    const endpoint = this.#endpoint(name);
    endpoint.answers++;
    if (performance.now() >= this.#warmUntil) endpoint.milliseconds.push(milliseconds);
  }

  #refusal(name: string, status: number, retryAfter: string | null, text: string): void {
    const isDeclared = (status === 503 && retryAfter !== null) || status === 504;
    if (isDeclared) this.#endpoint(name).refusals++;
    else this.#mistake(`${name}: ${status} ${text.slice(0, 200)}`);
  }

  #mistake(text: string): void {
    if (this.#result.mistakes.length < 100) this.#result.mistakes.push(text);
  }
}
