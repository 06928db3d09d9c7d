import { once } from "node:events";
import { Command } from "commander";
import { addCollectorOptions, type CollectorOptions, startCollectorWith } from "./collector-options.js";
import { ProcessUser } from "./process-user.js";
import { say, showTimes } from "./terminal-output.js";
import { addUserOption } from "./user-option.js";

/** `wireloom collector`: receives events and answers queries. */
export function collectorCommand(signal: AbortSignal): Command {
  return addUserOption(addCollectorOptions(new Command("collector")))
    .description("Receive events from agents, store them and answer queries")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CollectorOptions & { readonly user?: string }) => {
      const user = ProcessUser.enter(options.user);
      const collector = await startCollectorWith(options, user);
      user?.giveUpRoot();
      showTimes();
      say(`listening on ${collector.url}, keeping rows in ${options.store}`);
      const ending = AbortSignal.any([signal, collector.broken]);
      if (!ending.aborted) await once(ending, "abort");
      if (signal.aborted) say("stopping: committing the rows that agents have sent");
      await collector.close();
      if (collector.broken.aborted) throw collector.broken.reason;
      say("ended");
    });
}

const EXAMPLES = `
Examples:
  wireloom collector
  wireloom collector --listen 127.0.0.1:4871 --store duckdb:lab.duckdb
  wireloom collector --listen 0.0.0.0:4870 --tls-cert cert.pem --tls-key key.pem`;
