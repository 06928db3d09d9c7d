import { Command } from "commander";
import { ConnectTransport } from "../agent/connect/connect-transport.js";
import { WireloomError } from "../wireloom-error.js";
import { addCaptureOptions, type CaptureOptions } from "./capture-options.js";
import { captureToCollector, checkIdentity } from "./capture-to-collector.js";
import { ExitCode } from "./exit-codes.js";
import { formatRefused } from "./format-refused.js";
import { formatAgentSummary } from "./format-summary.js";
import { parseCollectorUrl } from "./parse-collector-url.js";
import { prepareCapture } from "./prepare-capture.js";
import { ProcessUser } from "./process-user.js";
import { readCertificates } from "./read-pem.js";
import { say, showTimes } from "./terminal-output.js";
import { addUserOption } from "./user-option.js";

interface AgentCommandOptions extends CaptureOptions {
  readonly collector: string;
  readonly tlsCa?: string;
  readonly giveUp: number;
  readonly user?: string;
}

/** `wireloom agent`: captures and sends rows to a collector. */
export function agentCommand(signal: AbortSignal): Command {
  return addUserOption(addCaptureOptions(new Command("agent")))
    .description("Capture packets and send their events to a collector")
    .requiredOption("-c, --collector <url>", "the collector, such as http://127.0.0.1:4870")
    .option("--tls-ca <file>", "certificates of the trusted authorities for the collector, in PEM")
    .option(
      "--give-up <seconds>",
      "with files: seconds without a successful commit after which the agent fails",
      parseGiveUp,
      60,
    )
    .addHelpText("after", EXAMPLES)
    .action(async (options: AgentCommandOptions) => {
      checkIdentity(options);
      const url = parseCollectorUrl(options.collector);
      if (options.tlsCa !== undefined && url.startsWith("http:")) {
        throw new WireloomError(
          "usage",
          `--tls-ca is for a collector with a certificate; write its URL as ${url.replace("http:", "https:")}`,
        );
      }
      const tlsCa = options.tlsCa === undefined ? undefined : await readCertificates(options.tlsCa);
      const user = ProcessUser.enter(options.user);
      const capture = await prepareCapture(options, signal);
      showTimes();
      say(`${capture.description}, sending to ${url}`);
      const startedAt = performance.now();
      const { summary, refused, hasFailed, passed } = await captureToCollector(
        options,
        capture,
        { transport: new ConnectTransport(url, tlsCa), giveUpAfterMs: options.giveUp * 1000 },
        signal,
        () => user?.giveUpRoot(),
      );
      process.stderr.write(
        formatAgentSummary(summary, performance.now() - startedAt, capture.resources, passed) + formatRefused(refused),
      );
      process.exitCode = hasFailed ? ExitCode.Runtime : ExitCode.Ok;
    });
}

const EXAMPLES = `
Examples:
  wireloom agent --interface eth0 --collector http://127.0.0.1:4870 --label site=lab
  wireloom agent --read capture.pcap --collector http://127.0.0.1:4870 --id replay`;

function parseGiveUp(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0 && seconds <= 86_400 * 365) return seconds;
  throw new WireloomError("usage", `--give-up ${text} is not a number of seconds, such as 60`);
}
