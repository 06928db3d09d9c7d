import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Wireshark's field of a conversation's Community ID, of a protocol that tshark leaves off unless told. */
export const COMMUNITY_ID = "communityid";

/** Community IDs as tshark computes them, by frame number. */
export async function readCommunityIds(file: string): Promise<Map<number, string[]>> {
  const { stdout } = await run(
    "tshark",
    ["-n", "-r", file, "--enable-protocol", COMMUNITY_ID, "-T", "fields", "-e", "frame.number", "-e", COMMUNITY_ID],
    { maxBuffer: 1 << 30 },
  );
  const lines = stdout.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [frame, id] = line.split("\t");
      return [Number(frame), id ? [id] : []];
    }),
  );
}
