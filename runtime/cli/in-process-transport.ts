import { type MessageExchange, openExchange } from "../agent/message-exchange.js";
import type { SessionOpening, Transport, TransportSession } from "../agent/transport.js";
import type { InProcessIngest } from "../collector/ingest/in-process-ingest.js";

/**
 * Passes batches to the collector of the same process: the messages that others send over a connection, without encoding them. Rows are not
 * copied; the queue and the store share them.
 */
export class InProcessTransport implements Transport {
  readonly collector = "the collector of this process";
  readonly #exchange: MessageExchange;

  constructor(ingest: InProcessIngest) {
    this.#exchange = ingest;
  }

  open(opening: SessionOpening): Promise<TransportSession> {
    return openExchange(this.#exchange, opening);
  }
}
