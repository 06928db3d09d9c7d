import type { Difference } from "./difference.js";
import type { GroupResult } from "./group-result.js";

/** Counts of one protocol in a group. */
export interface ProtocolCounts {
  readonly name: string;
  readonly compared: number;
  readonly agreed: number;
  readonly explained: number;
  readonly unexplained: number;
}

const INTRODUCTION = `# Conformance

This page compares rows and layers with tshark's reading of the same packets, value by value.
\`npm run conformance -- [--name NAME] --write [DIR…]\` writes it. A value is compared if at least one side has it. Flows are compared with the
conversations of tshark's frames, and their \`conn_state\` with an implementation of Zeek's rules.

An accepted difference has a reason and a condition on its frame, row or conversation. Reasons are in the plugin's
\`conformance/known-differences.ts\`, or in \`test/conformance/known-differences\` if they apply to several plugins. An accepted difference still
counts as a disagreement.

\`plugins/<name>/conformance/reason-uses.json\` records how often each reason for a difference of that plugin is used,
\`test/conformance/reason-uses.json\` the same for layers, and \`recorded-groups.json\` beside it the number of differences without a reason.
\`npm test\` fails if a reason explains more differences in the project's captures than recorded.
\`npm run conformance -- --name NAME DIR…\` exits with 1 if a reason explains more differences in the captures recorded as NAME. Such a
difference is new and needs a review.
`;

/** Percentage with two decimals; rounded down, so that 100 means all. */
export function percent(agreed: number, compared: number): string {
  return compared === 0 ? "–" : `${(Math.floor((agreed / compared) * 10_000) / 100).toFixed(2)} %`;
}

/** Counts by protocol, in the order of the group's. */
export function countProtocols({ agreements, explained, unexplained }: GroupResult): ProtocolCounts[] {
  return [...agreements].map(([name, { total }]) => {
    let known = 0;
    for (const [{ id }, count] of explained) if (id.startsWith(`${name}/`)) known += count;
    const unknown = unexplained.filter(({ resource }) => resource === name).length;
    return { name, compared: total.compared, agreed: total.agreed, explained: known, unexplained: unknown };
  });
}

/** Share of a protocol's values that agree or are explained. Two differences may be of one packet's layers, so that a share is one at most. */
export function percentSettled({ compared, unexplained }: Pick<ProtocolCounts, "compared" | "unexplained">): string {
  return percent(Math.max(0, compared - unexplained), compared);
}

/** Puts the section of a group into a report, in the place of the one of the same title. */
export function updateReport(report: string, group: GroupResult, versions: string): string {
  const sections = new Map<string, string>();
  for (const section of report.split(/^(?=## )/m).slice(1))
    sections.set(/^## (.*)/.exec(section)![1]!, section.trimEnd());
  sections.set(group.title, formatGroup(group, versions).join("\n"));
  return `${INTRODUCTION}\n${[...sections.values()].join("\n\n")}\n`;
}

function formatGroup(group: GroupResult, versions: string): string[] {
  return [
    `## ${group.title}`,
    "",
    `${group.captures} captures, and ${group.unread.length} that tshark or the project does not open (${versions}).`,
    "",
    ...formatProtocols(group),
    ...formatReasons(group),
    ...formatUnexplained(group),
    ...formatFields(group),
  ];
}

function formatProtocols(group: GroupResult): string[] {
  const protocols = countProtocols(group);
  const sum = (pick: (counts: ProtocolCounts) => number) =>
    protocols.reduce((total, counts) => total + pick(counts), 0);
  const all: ProtocolCounts = {
    name: "**all**",
    compared: sum(({ compared }) => compared),
    agreed: sum(({ agreed }) => agreed),
    explained: sum(({ explained }) => explained),
    unexplained: sum(({ unexplained }) => unexplained),
  };
  return [
    "| protocol | values | agree | | with a reason | without | agree or have a reason |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...[...protocols, all].map(
      (counts) =>
        `| ${counts.name} | ${counts.compared} | ${counts.agreed} | ${percent(counts.agreed, counts.compared)} | ${counts.explained} | ${counts.unexplained} | ${percentSettled(counts)} |`,
    ),
  ];
}

function formatReasons({ title, explained }: GroupResult): string[] {
  if (explained.size === 0) return [];
  return [
    ...["", `### ${title}: reasons`, "", "| reason | uses | |", "| --- | ---: | --- |"],
    ...[...explained].map(([{ id, reason }, count]) => `| ${id} | ${count} | ${reason.replaceAll("|", "\\|")} |`),
  ];
}

function formatUnexplained({ title, unexplained }: GroupResult): string[] {
  if (unexplained.length === 0) return [];
  return [
    ...["", `### ${title}: differences without a reason`, ""],
    ...["| capture | frame | protocol | field | ours | tshark |", "| --- | ---: | --- | --- | --- | --- |"],
    ...unexplained.map(formatDifference),
  ];
}

function formatDifference({ capture, frame, resource, field, ours, tshark }: Difference): string {
  return `| ${[capture, frame, resource, field, cell(ours), cell(tshark)].join(" | ")} |`;
}

function formatFields({ title, agreements }: GroupResult): string[] {
  return [...agreements].flatMap(([name, agreement]) => [
    ...["", `### ${title}: ${name}`, "", "| field | compared | agree | |", "| --- | ---: | ---: | ---: |"],
    ...[...agreement.fields].map(
      ([field, { agreed, compared }]) => `| ${field} | ${compared} | ${agreed} | ${percent(agreed, compared)} |`,
    ),
  ]);
}

function cell(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return short.replaceAll("|", "\\|").replaceAll(/\p{Cc}/gu, "·");
}
