import type { DescEnumValue, DescField, DescFile, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { getComments } from "@bufbuild/protoplugin";

const MESSAGE_TYPE = 4;
const MESSAGE_FIELD = 2;
const MESSAGE_ONEOF = 8;
const NESTED_TYPE = 3;

/** Path of a proto file from the project's root; buf reports it relative to its module's root. */
export function projectPath(file: DescFile): string {
  const module = file.name.startsWith("wireloom/") ? "proto" : "plugins";
  return `${module}/${file.name}.proto`;
}

/** Line, counted from 1, where a message, field or oneof is declared (google/protobuf/descriptor.proto, SourceCodeInfo). */
export function lineOf(desc: DescMessage | DescField | DescOneof): number {
  return location(desc.kind === "message" ? desc.file : desc.parent!.file, pathOf(desc))?.span[0] ?? 0;
}

/** A comment that is for buf's linter, not for readers. */
const LINT_DIRECTIVE = /^\s*buf:lint:ignore\b/;

/** The comment before a declaration, as one line. */
export function commentOf(desc: DescMessage | DescField | DescEnumValue): string {
  const lines = (getComments(desc).leading ?? "").split("\n").filter((line) => !LINT_DIRECTIVE.test(line));
  return lines
    .map((line) => line.trim())
    .join(" ")
    .trim();
}

function location(file: DescFile, path: number[]): { span: [number] } | undefined {
  const info = file.proto.sourceCodeInfo?.location.find((entry) => samePath(entry.path, path));
  return info === undefined ? undefined : { span: [(info.span[0] ?? 0) + 1] };
}

function samePath(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

function pathOf(desc: DescMessage | DescField | DescOneof): number[] {
  if (desc.kind === "message") {
    return desc.parent === undefined
      ? [MESSAGE_TYPE, desc.file.messages.indexOf(desc)]
      : [...pathOf(desc.parent), NESTED_TYPE, desc.parent.nestedMessages.indexOf(desc)];
  }
  const parent = desc.parent!;
  if (desc.kind === "oneof") {
    return [...pathOf(parent), MESSAGE_ONEOF, parent.proto.oneofDecl.indexOf(desc.proto)];
  }
  return [...pathOf(parent), MESSAGE_FIELD, parent.proto.field.indexOf(desc.proto)];
}
