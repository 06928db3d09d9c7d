import { mistakeOf } from "../attack/dns-rows.js";

/** Rows to be checked, as the text of a page, of one row, or of lines. */
export interface CheckRequest {
  readonly id: number;
  readonly form: "page" | "row" | "lines";
  readonly text: string;
}

/** What is wrong with the rows of a request. */
export interface CheckReply {
  readonly id: number;
  readonly mistakes: readonly string[];
}

// A separate process, so that the time to check rows is not part of the measured latencies.
process.on("message", ({ id, form, text }: CheckRequest) => {
  const mistakes = rowsOf(form, text)
    .map(mistakeOf)
    .filter((mistake) => mistake !== undefined);
  process.send!({ id, mistakes } satisfies CheckReply);
});

function rowsOf(form: CheckRequest["form"], text: string): unknown[] {
  if (form === "page") return (JSON.parse(text) as { data: unknown[] }).data;
  if (form === "row") return [JSON.parse(text)];
  // The last line may be cut.
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}
