import { once } from "node:events";
import { Command } from "commander";
import { addCollectorOptions, type CollectorOptions, startCollectorWith } from "./collector-options.js";
import { say } from "./terminal-output.js";

/** `wireloom collector`: takes events in and answers queries. */
export function collectorCommand(signal: AbortSignal): Command {
  return addCollectorOptions(new Command("collector"))
    .description("Take in events of agents, keep them and answer queries")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CollectorOptions) => {
      const collector = await startCollectorWith(options);
      say(`listening on ${collector.url}, keeping rows in ${options.store}`);
      if (!signal.aborted) await once(signal, "abort");
      await collector.close();
    });
}

const EXAMPLES = `
Examples:
  wireloom collector
  wireloom collector --listen 127.0.0.1:4871 --store duckdb:lab.duckdb
  wireloom collector --listen 0.0.0.0:4870 --tls-cert cert.pem --tls-key key.pem`;
