import type { Agreement } from "./agreement.js";
import type { Difference } from "./comparison.js";
import type { KnownDifference } from "./known-differences.js";

/** What one group of captures came to. */
export interface GroupResult {
  readonly title: string;
  readonly captures: number;
  /** Captures that tshark does not read. */
  readonly unread: string[];
  /** By resource; layers and conversations have names of their own. */
  readonly agreements: Map<string, Agreement>;
  readonly unexplained: Difference[];
  readonly explained: Map<KnownDifference, number>;
}

/** Percentage with two decimals; rounded down, so that 100 means all. */
export function percent(agreed: number, compared: number): string {
  return compared === 0 ? "–" : `${(Math.floor((agreed / compared) * 10_000) / 100).toFixed(2)} %`;
}

/** The report of some groups of captures, in Markdown. */
export function formatReport(groups: readonly GroupResult[], versions: string): string {
  return [
    "# Conformance",
    "",
    `Rows laid beside tshark's reading of the same packets, field by field, by \`npm run conformance -- --write [DIR…]\` (${versions}).`,
    "A value counts where at least one side has it. A difference where ours is right is recorded with its reason in",
    "`test/conformance/known-differences`, and counts as a disagreement here.",
    ...groups.flatMap(formatGroup),
    "",
  ].join("\n");
}

function formatGroup({ title, captures, unread, agreements, unexplained, explained }: GroupResult): string[] {
  let agreed = 0;
  let compared = 0;
  let known = 0;
  for (const count of explained.values()) known += count;
  for (const [, agreement] of agreements) {
    agreed += agreement.total.agreed;
    compared += agreement.total.compared;
  }
  const lines = [
    "",
    `## ${title}`,
    "",
    `${captures} captures, ${unread.length} of which tshark does not read. Of ${compared} values ${agreed} agree (${percent(agreed, compared)}); ${known} of the others have a known reason, ${unexplained.length} none (${percent(agreed + known, compared)} agree or are explained).`,
  ];
  for (const [name, agreement] of agreements) {
    lines.push("", `### ${title}: ${name}`, "", "| field | compared | agree | |", "| --- | ---: | ---: | ---: |");
    for (const [field, counts] of agreement.fields) {
      lines.push(`| ${field} | ${counts.compared} | ${counts.agreed} | ${percent(counts.agreed, counts.compared)} |`);
    }
  }
  if (explained.size > 0) {
    lines.push(
      "",
      `### ${title}: known differences`,
      "",
      "| plugin | field | times | reason |",
      "| --- | --- | ---: | --- |",
    );
    for (const [{ resource, field, reason }, count] of explained) {
      lines.push(`| ${resource} | ${field} | ${count} | ${reason.replaceAll("|", "\\|")} |`);
    }
  }
  if (unexplained.length > 0) {
    lines.push(
      "",
      `### ${title}: differences without a reason`,
      "",
      "| capture | frame | field | ours | tshark |",
      "| --- | ---: | --- | --- | --- |",
    );
    for (const { capture, frame, field, ours, tshark } of unexplained) {
      lines.push(`| ${[capture, frame, field, cell(ours), cell(tshark)].join(" | ")} |`);
    }
  }
  return lines;
}

function cell(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return short.replaceAll("|", "\\|").replaceAll(/\p{Cc}/gu, "·");
}
