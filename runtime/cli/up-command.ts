import { once } from "node:events";
import { Command } from "commander";
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
    .description("Capture, keep and query in one process")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CaptureOptions & CollectorOptions & { readonly user?: string }) => {
      checkIdentity(options);
      const user = ProcessUser.enter(options.user);
      // What is wrong with a source is said before a store is opened and a port taken.
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
        if (options.interface !== undefined) process.stderr.write(thingsToTry(collector.url));
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
          process.stderr.write(thingsToTry(collector.url));
          await once(ending, "abort");
        }
      } catch (error) {
        // The agent fails because the store in the same process did.
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

function thingsToTry(url: string): string {
  return `
Try, in another terminal:
  curl '${url}/v1/dns?query_type_eq=AAAA&fields=time,query_name,rcode,latency,answer_data'
  curl -H 'accept: text/csv' '${url}/v1/flow?order_by=src_bytes desc&fields=src_address,dst_address,dst_port,application,src_bytes'
  curl '${url}/v1/ntp?stratum_lte=3&count=exact'
Ctrl-C ends it.
`.replaceAll("src_bytes desc", "src_bytes%20desc");
}
