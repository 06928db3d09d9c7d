import { type Command, Option } from "commander";
import { WireloomError } from "../wireloom-error.js";

/** Collects the values of a repeatable option. */
export function collectValues(value: string, values: readonly string[] | undefined): string[] {
  return [...(values ?? []), value];
}

/** The values of a repeatable option with comma-separated values, in lower case. */
export function splitNames(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(","))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
}

/** Adds `--filter`, which selects rows in every command. */
export function addRowFilterOption(command: Command, what: string): Command {
  return command.addOption(
    new Option(
      "-F, --filter <name=value>",
      `${what}, as in the REST API, such as query_name_eq=example.com; may be repeated`,
    )
      .argParser(collectValues)
      .default([], "every row"),
  );
}

/** Adds `--bpf`, which selects packets in every command. */
export function addPacketFilterOption(command: Command, what: string): Command {
  return command.option(
    "--bpf <expression>",
    `${what}, as a pcap-filter expression such as "udp port 53"`,
    parsePacketFilter,
  );
}

/** Refuses a row filter in place of a packet filter; libpcap reports other errors of an expression. */
function parsePacketFilter(text: string): string {
  if (/^\s*\w+_(eq|ne|neq|lt|lte|gt|gte|in|like|contains|prefix|cidr|has|is_null)=/.test(text)) {
    throw new WireloomError(
      "usage",
      `--bpf "${text}" is not a pcap-filter expression, such as "udp port 53"; rows are selected with --filter, as in --filter ${text}`,
    );
  }
  return text;
}
