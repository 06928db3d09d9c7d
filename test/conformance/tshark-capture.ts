import { execFile } from "node:child_process";
import { LAYER_FIELDS, type TsharkFrame as LayerFrame, TUNNEL_DECODE_AS } from "./layers/tshark-frame.js";
import type { TsharkFrame } from "./tshark-frame.js";

/** A capture as tshark reads it, frames in the order of the file. */
export interface TsharkCapture {
  /** Frames as they are shown where what they complete is reassembled. */
  readonly frames: readonly TsharkFrame[];
  /** Each frame by itself: the same as `frames` in a capture without IP fragments. */
  readonly packets: readonly LayerFrame[];
  /** tshark's complaint about the end of a capture that is truncated or damaged there. */
  readonly problem: string | undefined;
}

/** Separates values: tshark writes it nowhere else, as it escapes control characters. */
const VALUE_SEPARATOR = "\x1f";
const NO_VALUES: readonly string[] = Object.freeze([]);
/** Wireshark's field of a conversation's Community ID, of a protocol that tshark leaves off unless told. */
const COMMUNITY_ID = "communityid";

/** tshark shows an HTTP message where its header ends, as the rows do, not where its body does. */
const MESSAGE_PREFERENCES = ["http.desegment_body:FALSE"];
const PACKET_PREFERENCES = ["ip.defragment:FALSE", "ipv6.defragment:FALSE", "wlan.defragment:FALSE"];
const MAX_OUTPUT_BYTES = 1 << 29;
const TIMEOUT_MS = 300_000;

/** Checksums are not verified, because tshark would not put segments and fragments with a wrong one together. */
const FIELDS_OF_LAYERS = LAYER_FIELDS.filter((field) => !field.endsWith(".checksum.status"));

/** What tshark prints of a capture, and how it decodes it. */
export interface TsharkRequest {
  /** Fields of frames. */
  readonly fields: readonly string[];
  /** Fields of packets. */
  readonly packetFields: readonly string[];
  /** Rules for tshark's option `-d`, as in {@link ComparisonPlan.decodeAs}. */
  readonly decodeAs: readonly string[];
}

/**
 * Reads a capture in one run of tshark, and in a second one if it has IP fragments, which are then read each by itself too. Frames and packets
 * also have the fields of the layers. Undefined for a file that tshark does not read at all.
 */
export async function readTsharkCapture(
  path: string,
  { fields, packetFields, decodeAs }: TsharkRequest,
): Promise<TsharkCapture | undefined> {
  const ofPackets = [...new Set([...packetFields, ...FIELDS_OF_LAYERS])];
  const rules = [...TUNNEL_DECODE_AS, ...decodeAs].flatMap((rule) => ["-d", rule]);
  const ofFrames = [...new Set([...fields, ...ofPackets])];
  const { frames, problem } = await run(path, ofFrames, ["-2", ...rules], MESSAGE_PREFERENCES);
  if (frames.length === 0 && problem !== undefined) return undefined;
  // The frames have every field of the layers; those that were not asked for are undefined, which their readers allow for.
  if (!frames.some(isFragment)) return { frames, packets: frames as unknown as LayerFrame[], problem };
  const single = await run(path, ofPackets, rules, PACKET_PREFERENCES);
  return { frames, packets: single.frames as unknown as LayerFrame[], problem };
}

/** True of a frame in which some IP header is a fragment's. */
export function isFragment(frame: TsharkFrame): boolean {
  const isSet = (field: string) => frame[field]?.some((value) => Number(value) !== 0) ?? false;
  return isSet("ip.flags.mf") || isSet("ip.frag_offset") || isSet("ipv6.fraghdr.more") || isSet("ipv6.fraghdr.offset");
}

function run(
  path: string,
  fields: readonly string[],
  options: readonly string[],
  preferences: readonly string[],
): Promise<{ frames: TsharkFrame[]; problem: string | undefined }> {
  const args = [
    ...["-n", ...options, "-r", path, "--enable-protocol", COMMUNITY_ID],
    ...preferences.flatMap((preference) => ["-o", preference]),
    ...["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", `aggregator=${VALUE_SEPARATOR}`],
    ...fields.flatMap((field) => ["-e", field]),
  ];
  return new Promise((resolve, reject) => {
    execFile("tshark", args, { maxBuffer: MAX_OUTPUT_BYTES, timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error !== null && (typeof error.code === "string" || error.killed)) return reject(error);
      // A field that this version of tshark does not know would otherwise look like a file that it does not read.
      if (stderr.includes("aren't valid")) return reject(new Error(stderr));
      const problem = error === null ? undefined : (stderr.trim().split("\n").at(-1) ?? "");
      resolve({ frames: parseFrames(stdout, fields), problem });
    });
  });
}

function parseFrames(text: string, fields: readonly string[]): TsharkFrame[] {
  // Of hundreds of fields a frame has a few; the others are inherited.
  const defaults = Object.fromEntries(fields.map((field) => [field, NO_VALUES]));
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const frame = Object.create(defaults) as Record<string, readonly string[]>;
      for (const [index, column] of line.split("\t").entries()) {
        if (column !== "") frame[fields[index]!] = column.split(VALUE_SEPARATOR);
      }
      return frame;
    });
}
