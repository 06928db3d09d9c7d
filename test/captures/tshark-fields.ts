import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Separates the values of one field: tshark writes it nowhere else, as it escapes control characters in text. */
const valueSeparator = "\x1f";

/** How `readTsharkFields` reads a capture. */
export interface TsharkFieldsOptions {
  /** Wireshark display filter; only frames that match are returned. */
  readonly displayFilter?: string;
  /** Preferences as `name:value`, given to `-o`, such as `ip.defragment:FALSE`. */
  readonly preferences?: readonly string[];
  /** Two passes, so that a request knows its response's frame (`dns.response_in`); true if absent. */
  readonly twoPass?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads fields of a capture's frames as tshark sees them: the independent reading that decoders are compared with.
 *
 * Returns one object a frame, in the order of the file, with a list of values for every field asked for; the list is
 * empty if the frame lacks the field, and has all occurrences in their order where it holds several. Values are
 * tshark's text: a boolean is `1` or `0`, an enum its number (`0x…` for fields that Wireshark shows in hexadecimal), a
 * time is seconds with nanoseconds, bytes are hexadecimal digits. A field of an embedded packet, such as the query
 * inside an ICMP error, counts as an occurrence.
 *
 * Throws what `execFile` throws where tshark is missing, does not know a field or cannot read the file.
 */
export async function readTsharkFields(
  file: string,
  fields: readonly string[],
  options: TsharkFieldsOptions = {},
): Promise<Array<Record<string, string[]>>> {
  const { displayFilter, preferences = [], twoPass = true, signal } = options;
  const { stdout } = await run(
    "tshark",
    [
      "-n",
      ...(twoPass ? ["-2"] : []),
      ...["-r", file],
      ...["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", `aggregator=${valueSeparator}`],
      ...(displayFilter === undefined ? [] : ["-Y", displayFilter]),
      ...preferences.flatMap((preference) => ["-o", preference]),
      ...fields.flatMap((field) => ["-e", field]),
    ],
    { maxBuffer: 1 << 30, ...(signal && { signal }) },
  );
  const lines = stdout.split("\n");
  lines.pop();
  return lines.map((line) => {
    const columns = line.split("\t");
    return Object.fromEntries(fields.map((field, index) => [field, splitValues(columns[index])]));
  });
}

/** Tells whether tshark can be run here; a test that compares with it skips where not. */
export async function isTsharkInstalled(): Promise<boolean> {
  try {
    await run("tshark", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

function splitValues(column: string | undefined): string[] {
  return column ? column.split(valueSeparator) : [];
}
