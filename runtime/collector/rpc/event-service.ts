import { create, type DescMethod, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { RequestClock } from "../../schema/request-clock.js";
import type { QueryStore } from "../../store/query-store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { findRow, listRows } from "../query/list-rows.js";
import { checkCost } from "../query/query-cost.js";
import type { WatchHub } from "../watch/watch-hub.js";
import { connectError } from "./connect-error.js";
import { type FilterMessage, type ListRequestMessage, requestedFilters, requestedId } from "./request-message.js";
import { requestedList } from "./requested-list.js";
import { createRowMessageFactory } from "./row-message.js";

/** What the services of events need. */
export interface EventServiceOptions {
  readonly store: QueryStore;
  readonly watchHub: WatchHub;
  readonly log: CollectorLog;
  /** Ends watches when the collector closes. */
  readonly signal: AbortSignal;
}

/**
 * Adds an event's service. Codegen gives every event the same three methods, `list…`, `get…` and `watch…`, so their
 * messages are known by the shapes in `request-message.ts`, whatever the event.
 */
export function addEventService(router: ConnectRouter, event: CollectedEvent, options: EventServiceOptions): void {
  const { store, watchHub, log } = options;
  const { table } = event;
  const toMessage = createRowMessageFactory(event);

  async function list(request: Message, context: HandlerContext, output: DescMethod["output"]): Promise<Message> {
    const asked = requestedList(event, request as Message & ListRequestMessage);
    const page = await listRows(store, event, asked, context.signal);
    return create(output, {
      rows: page.rows.map(toMessage),
      nextPageToken: page.nextPageToken,
      ...(page.count === undefined ? {} : { count: page.count }),
      countIsCapped: page.countIsCapped,
    });
  }

  async function get(request: Message, context: HandlerContext, output: DescMethod["output"]): Promise<Message> {
    const uuid = requestedId((request as Message & { id: string }).id);
    const row = await findRow(store, event, table.columns, uuid, context.signal);
    if (row === undefined) throw new WireloomError("not_found", `there is no ${table.resource} row ${uuid}`);
    return create(output, { row: toMessage(row) });
  }

  async function* watch(
    request: Message,
    context: HandlerContext,
    output: DescMethod["output"],
  ): AsyncIterable<Message> {
    const { filters } = request as Message & { filters: readonly FilterMessage[] };
    const signal = AbortSignal.any([context.signal, options.signal]);
    const conditions = requestedFilters(event, filters, new RequestClock());
    checkCost(conditions);
    for await (const { rows, missed } of watchHub.watch(event, conditions, signal)) {
      yield create(output, { rows: rows.map(toMessage), missed });
    }
    // A watch does not end by itself, so the client must see an error.
    if (options.signal.aborted)
      throw new WireloomError("unavailable", "the collector is closing; watch again in a moment");
    signal.throwIfAborted();
  }

  /** The error for a client. A deadline rejects as if the call were canceled. */
  function errorFor(error: unknown, { signal }: HandlerContext): ConnectError {
    const reason: unknown = signal.aborted ? signal.reason : undefined;
    const isLate = reason instanceof ConnectError && reason.code === Code.DeadlineExceeded;
    return connectError(isLate ? reason : error, log);
  }

  const implementation: Record<string, unknown> = {};
  for (const method of event.service.methods) {
    if (method.methodKind === "server_streaming" && method.localName.startsWith("watch")) {
      implementation[method.localName] = async function* (request: Message, context: HandlerContext) {
        try {
          yield* watch(request, context, method.output);
        } catch (error) {
          throw errorFor(error, context);
        }
      };
    } else if (method.methodKind === "unary") {
      const answer = method.localName.startsWith("list") ? list : method.localName.startsWith("get") ? get : undefined;
      if (answer === undefined) continue;
      implementation[method.localName] = async (request: Message, context: HandlerContext) => {
        try {
          return await answer(request, context, method.output);
        } catch (error) {
          throw errorFor(error, context);
        }
      };
    }
  }
  // Each member returns the output message of the method with its name.
  router.service(event.service, implementation as Partial<ServiceImpl<typeof event.service>>, {
    // Otherwise a filter with a misspelled name would be ignored.
    jsonOptions: { ignoreUnknownFields: false },
  });
}
