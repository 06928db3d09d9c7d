import type {
  DescEnum,
  DescEnumValue,
  DescExtension,
  DescField,
  DescFile,
  DescMessage,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import { getComments } from "@bufbuild/protoplugin";

/** A declaration in a proto file. */
export type Declaration = DescMessage | DescField | DescOneof | DescEnum | DescEnumValue | DescExtension | DescService;

/** Field numbers of google/protobuf/descriptor.proto: of a file, a message and an enum. */
const FILE = { messageType: 4, enumType: 5, service: 6, extension: 7, syntax: 12, edition: 14 } as const;
const MESSAGE = { field: 2, nestedType: 3, enumType: 4, extension: 6, oneof: 8 } as const;
const ENUM_VALUE = 2;

/** Path of a proto file from the project's root; buf reports it relative to its module's root. */
export function projectPath(file: DescFile): string {
  const module = file.name.startsWith("wireloom/v1/") ? "proto" : "plugins";
  return `${module}/${file.name}.proto`;
}

/** Line, counted from 1, of a declaration (google/protobuf/descriptor.proto, SourceCodeInfo). */
export function lineOf(desc: Declaration): number {
  return lineAt(fileOf(desc), pathOf(desc)) ?? 1;
}

/** Line of a file's `syntax` or `edition`; 1 if it has neither. */
export function lineOfSyntax(file: DescFile): number {
  return lineAt(file, [FILE.syntax]) ?? lineAt(file, [FILE.edition]) ?? 1;
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

function lineAt(file: DescFile, path: readonly number[]): number | undefined {
  const found = file.proto.sourceCodeInfo?.location.find((entry) => isSamePath(entry.path, path));
  return found === undefined ? undefined : (found.span[0] ?? 0) + 1;
}

function isSamePath(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

function fileOf(desc: Declaration): DescFile {
  return desc.kind === "field" || desc.kind === "oneof" || desc.kind === "enum_value" ? desc.parent.file : desc.file;
}

function pathOf(desc: Declaration): number[] {
  switch (desc.kind) {
    case "message":
      return desc.parent === undefined
        ? [FILE.messageType, desc.file.messages.indexOf(desc)]
        : [...pathOf(desc.parent), MESSAGE.nestedType, desc.parent.proto.nestedType.indexOf(desc.proto)];
    case "enum":
      return desc.parent === undefined
        ? [FILE.enumType, desc.file.enums.indexOf(desc)]
        : [...pathOf(desc.parent), MESSAGE.enumType, desc.parent.nestedEnums.indexOf(desc)];
    case "extension":
      return desc.parent === undefined
        ? [FILE.extension, desc.file.extensions.indexOf(desc)]
        : [...pathOf(desc.parent), MESSAGE.extension, desc.parent.nestedExtensions.indexOf(desc)];
    case "service":
      return [FILE.service, desc.file.services.indexOf(desc)];
    case "enum_value":
      return [...pathOf(desc.parent), ENUM_VALUE, desc.parent.values.indexOf(desc)];
    case "oneof":
      return [...pathOf(desc.parent), MESSAGE.oneof, desc.parent.proto.oneofDecl.indexOf(desc.proto)];
    case "field":
      return [...pathOf(desc.parent), MESSAGE.field, desc.parent.proto.field.indexOf(desc.proto)];
  }
}
