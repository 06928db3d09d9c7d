import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { collectedEvents } from "../../generated/collected-events.js";
import openApi from "../../generated/openapi.json" with { type: "json" };
import { type Collector, startCollector } from "../collector/start-collector.js";
import { openStore } from "../store/open-store.js";
import { WireloomError } from "../wireloom-error.js";

/** Options of the commands that collect. */
export interface CollectorOptions {
  readonly listen: string;
  readonly store: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly insecure?: true;
}

/** Adds the options of {@link CollectorOptions} to a command. */
export function addCollectorOptions(command: Command): Command {
  return command
    .option("-l, --listen <address:port>", "where to listen", "127.0.0.1:4870")
    .option(
      "-s, --store <store>",
      "where rows are kept; duckdb::memory: keeps them until the end",
      "duckdb:wireloom.duckdb",
    )
    .option("--tls-cert <file>", "certificate chain in PEM")
    .option("--tls-key <file>", "private key of the certificate, in PEM")
    .option("--insecure", "listen on a network without TLS");
}

/** Opens the store and starts the collector; closing it closes the store too. */
export async function startCollectorWith(options: CollectorOptions): Promise<Collector> {
  if ((options.tlsCert === undefined) !== (options.tlsKey === undefined)) {
    throw new WireloomError("usage", "--tls-cert and --tls-key go together");
  }
  const tls =
    options.tlsCert === undefined || options.tlsKey === undefined
      ? undefined
      : { cert: await readPem(options.tlsCert), key: await readPem(options.tlsKey) };
  const store = await openStore(options.store, collectedEvents);
  try {
    return await startCollector({
      listen: options.listen,
      store,
      events: collectedEvents,
      openApi,
      tls,
      insecure: options.insecure === true,
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new WireloomError(
      "not_found",
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}); check the path and its permissions`,
      {
        cause: error,
      },
    );
  }
}
