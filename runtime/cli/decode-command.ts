import { Command, InvalidArgumentError } from "commander";
import { registry } from "../../generated/registry.js";
import { nearestName } from "../schema/nearest-name.js";
import { WireloomError } from "../wireloom-error.js";
import { type DecodeOptions, decodeFiles } from "./decode-files.js";
import { addEngineOptions } from "./engine-options.js";
import { formatOfFile, ROW_FORMATS, type RowFormat } from "./row-writer.js";
import { addPacketFilterOption, addRowFilterOption, collectValues } from "./shared-options.js";

/** `wireloom decode`: rows of capture files on standard output. */
export function decodeCommand(signal: AbortSignal): Command {
  const command = new Command("decode")
    .description("Decode capture files to rows on standard output")
    .argument(
      "<file...>",
      "pcap or pcapng files, also compressed with gzip, zstd, xz, bzip2 or lz4; - for standard input",
    )
    .option("-p, --protocol <names>", "protocols to print, separated by commas (default: all)", collectValues)
    .option(
      "-f, --format <format>",
      "form of the rows: ndjson, csv, table or none (default: by the extension of --output, else ndjson)",
      parseFormat,
    )
    .option(
      "--fields <names>",
      'fields to print, separated by commas, in this order; "protocol" is the protocol\'s name (default: all, in a table the listed ones)',
      collectValues,
    );
  command.option("--follow", "continue with the file as it grows, is emptied or is replaced, until interrupted");
  addRowFilterOption(command, "rows to print");
  addPacketFilterOption(command, "packets to decode");
  return addEngineOptions(command)
    .option("--sort <fields>", 'order of the rows, such as "src_address,time desc"; keeps them in memory until the end')
    .option("-c, --count <number>", "maximum number of rows to print", parseCount)
    .option("-o, --output <file>", "file for the rows instead of standard output; .csv selects CSV, .txt a table")
    .option("--wide", "do not cut the values of a table to the terminal's width")
    .option("--csv-safe", "in CSV, write an apostrophe before a text that a spreadsheet would interpret as a formula")
    .option("-q, --quiet", "no progress and no summary")
    .addHelpText("after", examples())
    .action(async (files: string[], options: Omit<DecodeOptions, "format"> & { readonly format?: RowFormat }) => {
      const format = options.format ?? formatOfFile(options.output);
      process.exitCode = await decodeFiles(files, { ...options, format }, signal);
    });
}

function examples(): string {
  const [first = "", second = first] = registry.plugins.map(({ table }) => table.resource);
  return `
Examples:
  wireloom decode capture.pcap --protocol ${first} --format table
  wireloom decode capture.pcap -p ${first} --fields time,src_address,dst_address --sort "time desc" -c 10 -f table
  wireloom decode capture.pcapng.gz -p ${first} --filter src_address_cidr=10.0.0.0/8 --output rows.csv
  tcpdump -U -w - | wireloom decode - --protocol ${first},${second}`;
}

function parseFormat(text: string): RowFormat {
  const format = ROW_FORMATS.find((known) => known === text.toLowerCase());
  if (format !== undefined) return format;
  // A part of a name, such as json, needs more edits than a misspelled name.
  const whole = ROW_FORMATS.find((known) => text.length > 2 && known.includes(text.toLowerCase()));
  const nearest = whole ?? nearestName(text, ROW_FORMATS);
  const guess = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  throw new InvalidArgumentError(`There are ${ROW_FORMATS.join(", ")}.${guess}`);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw new WireloomError("usage", `--count ${text} is not a whole number of at least 1`);
}
