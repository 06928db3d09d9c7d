import { Command } from "commander";
import { addCaptureOptions, type CaptureOptions, checkCaptureOptions } from "./capture-options.js";
import { captureToCollector } from "./capture-to-collector.js";
import { ExitCode } from "./exit-codes.js";
import { formatAgentSummary } from "./format-summary.js";
import { parseCollectorUrl } from "./parse-collector-url.js";
import { readPem } from "./read-pem.js";

/** `wireloom agent`: captures and sends rows to a collector. */
export function agentCommand(signal: AbortSignal): Command {
  return addCaptureOptions(new Command("agent"))
    .description("Capture packets and send their events to a collector")
    .requiredOption("-c, --collector <url>", "the collector, such as http://127.0.0.1:4870")
    .option("--tls-ca <file>", "certificates of the authorities that may vouch for the collector, in PEM")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CaptureOptions & { collector: string; tlsCa?: string }) => {
      checkCaptureOptions(options);
      const url = parseCollectorUrl(options.collector);
      const tls = options.tlsCa === undefined ? undefined : { ca: await readPem(options.tlsCa), checksName: true };
      const startedAt = performance.now();
      const { summary, hasFailed } = await captureToCollector(options, { url, tls }, signal);
      process.stderr.write(formatAgentSummary(summary, performance.now() - startedAt));
      process.exitCode = hasFailed ? ExitCode.Runtime : ExitCode.Ok;
    });
}

const EXAMPLES = `
Examples:
  wireloom agent --interface eth0 --collector http://127.0.0.1:4870 --label site=lab
  wireloom agent --read capture.pcap --collector http://127.0.0.1:4870 --id replay`;
