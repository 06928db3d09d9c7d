import { once } from "node:events";
import { Command } from "commander";
import { registry } from "../../generated/registry.js";
import type { EventTable } from "../schema/event-table.js";
import { addCaptureOptions, type CaptureOptions } from "./capture-options.js";
import { captureToCollector, checkIdentity } from "./capture-to-collector.js";
import { addCollectorOptions, type CollectorOptions, startCollectorWith } from "./collector-options.js";
import { ExitCode } from "./exit-codes.js";
import { formatRefused } from "./format-refused.js";
import { formatAgentSummary } from "./format-summary.js";
import { InProcessTransport } from "./in-process-transport.js";
import { prepareCapture } from "./prepare-capture.js";
import { ProcessUser } from "./process-user.js";
import { say, showTimes } from "./terminal-output.js";
import { addUserOption } from "./user-option.js";

/** With files: milliseconds without a successful commit after which the agent fails. */
const GIVE_UP_AFTER_MS = 60_000;

/** `wireloom up`: agent and collector in one process. */
export function upCommand(signal: AbortSignal): Command {
  return addUserOption(addCollectorOptions(addCaptureOptions(new Command("up"))))
    .description("Capture, store and query in one process")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CaptureOptions & CollectorOptions & { readonly user?: string }) => {
      checkIdentity(options);
      const user = ProcessUser.enter(options.user);
      // Problems of a source are reported before a store is opened and a port is bound.
      const capture = await prepareCapture(options, signal);
      const collector = await startCollectorWith(options, user).catch(async (error: unknown) => {
        await capture.close();
        throw error;
      });
      showTimes();
      const ending = AbortSignal.any([signal, collector.broken]);
      try {
        say(capture.description);
        say(`listening on ${collector.url}, keeping rows in ${options.store}`);
        if (options.interface !== undefined) process.stderr.write(thingsToTry(collector.url, capture.resources));
        const startedAt = performance.now();
        const { summary, refused, hasFailed, passed } = await captureToCollector(
          options,
          capture,
          {
            transport: new InProcessTransport(collector.ingest),
            giveUpAfterMs: GIVE_UP_AFTER_MS,
            broken: collector.broken,
          },
          ending,
          () => user?.giveUpRoot(),
        );
        process.stderr.write(
          formatAgentSummary(summary, performance.now() - startedAt, capture.resources, passed) +
            formatRefused(refused),
        );
        if (hasFailed) process.exitCode = ExitCode.Runtime;
        if (options.read !== undefined && !ending.aborted) {
          const found = summary.plugins.filter(({ rows }) => rows > 0).map(({ resource }) => resource);
          process.stderr.write(thingsToTry(collector.url, found.length > 0 ? new Set(found) : capture.resources));
          await once(ending, "abort");
        }
      } catch (error) {
        // The agent fails because the store in the same process failed.
        throw collector.broken.aborted ? collector.broken.reason : error;
      } finally {
        await collector.close();
      }
      if (collector.broken.aborted) throw collector.broken.reason;
    });
}

const EXAMPLES = `
Examples:
  wireloom up --interface eth0
  wireloom up --read capture.pcap --store duckdb::memory:`;

/** Example requests for some of the tables, each with other parameters. */
function thingsToTry(url: string, resources: ReadonlySet<string>): string {
  const tables = registry.plugins.map(({ table }) => table).filter(({ resource }) => resources.has(resource));
  const requests = [
    ({ resource, columns }: EventTable) => {
      const listed = columns.filter(({ isListed }) => isListed).map(({ name }) => name);
      return `'${url}/v1/${resource}?fields=${listed.join(",")}'`;
    },
    ({ resource }: EventTable) => `-H 'accept: text/csv' '${url}/v1/${resource}?order_by=time%20desc&limit=10'`,
    ({ resource }: EventTable) => `'${url}/v1/${resource}?truncated_eq=false&count=exact'`,
  ];
  const lines = requests.map((request, i) => `  curl ${request(tables[i % tables.length]!)}\n`);
  return `\nTry, in another terminal:\n${lines.join("")}Ctrl-C ends it.\n`;
}
