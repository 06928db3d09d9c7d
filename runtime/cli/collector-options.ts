import { type Command, Option } from "commander";
import { collectedEvents } from "../../generated/collected-events.js";
import { createCollectorLog } from "../collector/collector-log.js";
import type { InProcessIngest } from "../collector/ingest/in-process-ingest.js";
import { checkListening } from "../collector/server/listen-options.js";
import { startCollector } from "../collector/server/start-collector.js";
import { checkLocation, openStore } from "../store/open-store.js";
import { WireloomError } from "../wireloom-error.js";
import { packageVersion } from "./package-version.js";
import type { ProcessUser } from "./process-user.js";
import { describeInvalidity, readKeyPair } from "./read-pem.js";
import { say } from "./terminal-output.js";

/** Options of the commands that collect. */
export interface CollectorOptions {
  readonly listen: string;
  readonly store: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly insecure?: true;
  readonly allowHost: readonly string[];
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
    .option("--insecure", "listen on a network without TLS")
    .addOption(
      new Option(
        "--allow-host <name...>",
        "host names passed on by a proxy; on loopback, requests for other names are refused",
      ).default([], "none"),
    );
}

/** A collector with its store. */
export interface RunningCollector {
  /** URL at which others reach it. */
  readonly url: string;
  /** Receives the events of an agent in this process. */
  readonly ingest: InProcessIngest;
  /** Aborted, with the error as its reason, when rows can be stored only after a restart of the collector. */
  readonly broken: AbortSignal;
  /** Commits the received rows, then closes collector and store. */
  close(): Promise<void>;
}

/** Opens the store, as `user` if one is given, and starts the collector. */
export async function startCollectorWith(options: CollectorOptions, user?: ProcessUser): Promise<RunningCollector> {
  if ((options.tlsCert === undefined) !== (options.tlsKey === undefined)) {
    throw new WireloomError("usage", "--tls-cert and --tls-key must be given together");
  }
  const tls =
    options.tlsCert === undefined || options.tlsKey === undefined
      ? undefined
      : await readKeyPair(options.tlsCert, options.tlsKey);
  const invalidity = tls === undefined ? undefined : describeInvalidity(tls.cert, new Date());
  if (invalidity !== undefined) say(invalidity);
  const listening = {
    listen: options.listen,
    insecure: options.insecure === true,
    ...(tls === undefined ? {} : { tls }),
  };
  // Errors of the command line are reported before those of the machine; a collector that cannot listen does not leave a database.
  checkLocation(options.store);
  await checkListening(listening);
  // The database and its log must not be readable by other users of this machine.
  process.umask(0o077);
  const open = () => openStore(options.store, collectedEvents);
  const store = await (user === undefined ? open() : user.whileUser(open));
  try {
    const collector = await startCollector({
      ...listening,
      store,
      version: packageVersion(),
      allowedHosts: options.allowHost,
      log: createCollectorLog(say),
    });
    return {
      url: collector.url,
      ingest: collector.ingest,
      broken: store.broken,
      async close() {
        await collector.close();
        await store.close().catch((error: unknown) => {
          if (!store.broken.aborted) throw error;
        });
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
