import { Command } from "commander";
import { addCaptureOptions, type CaptureOptions } from "./capture-options.js";
import { captureToCollector } from "./capture-to-collector.js";
import { ExitCode } from "./exit-codes.js";
import { formatAgentSummary } from "./format-summary.js";
import { parseCollectorUrl } from "./parse-collector-url.js";
import { prepareCapture } from "./prepare-capture.js";
import { readCertificates } from "./read-pem.js";
import { say } from "./terminal-output.js";

/** `wireloom agent`: captures and sends rows to a collector. */
export function agentCommand(signal: AbortSignal): Command {
  return addCaptureOptions(new Command("agent"))
    .description("Capture packets and send their events to a collector")
    .requiredOption("-c, --collector <url>", "the collector, such as http://127.0.0.1:4870")
    .option("--tls-ca <file>", "certificates of the authorities that may vouch for the collector, in PEM")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CaptureOptions & { collector: string; tlsCa?: string }) => {
      const url = parseCollectorUrl(options.collector);
      const tls =
        options.tlsCa === undefined ? undefined : { ca: await readCertificates(options.tlsCa), checksName: true };
      const capture = await prepareCapture(options, signal);
      say(`${capture.description}, sending to ${url}`);
      const startedAt = performance.now();
      const { summary, hasFailed, passed } = await captureToCollector(options, capture, { url, tls }, signal);
      process.stderr.write(formatAgentSummary(summary, performance.now() - startedAt, capture.resources, passed));
      process.exitCode = hasFailed ? ExitCode.Runtime : ExitCode.Ok;
    });
}

const EXAMPLES = `
Examples:
  wireloom agent --interface eth0 --collector http://127.0.0.1:4870 --label site=lab
  wireloom agent --read capture.pcap --collector http://127.0.0.1:4870 --id replay`;
