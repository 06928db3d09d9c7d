import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import type { Diagnostics } from "./read/diagnostics.js";
import { lineOf, projectPath } from "./read/source-location.js";

/** A generated TypeScript file. */
export interface GeneratedModule {
  /** Path from the folder of generated files. */
  readonly path: string;
  readonly content: string;
  /** The proto file that it was generated from; undefined if from all of them. */
  readonly source: string | undefined;
}

/** A declaration at the top level of generated code, which has one in each line: an optional `export`, a keyword and a name. */
const DECLARATION = /^(?:export )?(const|let|function|class|type|interface) ([\w$]+)/;
/** An import of generated code; each fits in one line. */
const IMPORT = /^import (?:type )?(?:\{(.*)\}|\* as ([\w$]+)) from /;
/** A name that protobuf-es gives a declaration whose own name is taken in the file: `Neg_Kind$`. */
const ALTERNATIVE = /^(.*[^$])\$\d*$/;

/**
 * Reports names that a generated module declares or imports twice, which would not compile, and modules of one path. They come from names in
 * protos, which only the generated code brings together.
 */
export function checkOutput(
  modules: readonly GeneratedModule[],
  files: readonly DescFile[],
  diagnostics: Diagnostics,
): void {
  const paths = new Set<string>();
  // A name that one module has twice is twice in others also.
  const reported = new Set<NamedType["desc"]>();
  const report = (name: string, problem: string, candidates: readonly NamedType[]): void => {
    const type = nearestType(name, candidates);
    if (type === undefined) throw new Error(`${problem}, without a message or enum in its proto`);
    const { desc } = type;
    if (reported.has(desc)) return;
    reported.add(desc);
    const text = `${desc.kind} ${desc.name}: ${problem}; rename it, or the message or enum that has a similar name`;
    diagnostics.report(projectPath(desc.file), lineOf(desc), text);
  };
  for (const module of modules) {
    const candidates = typesOf(files, module.source);
    // Some file systems ignore case.
    const key = module.path.toLowerCase();
    if (paths.has(key)) report(module.path, `generated/${module.path} is generated twice`, candidates);
    paths.add(key);
    for (const name of sharedNames(module.content)) {
      report(name, `generated/${module.path} would have the name ${name} twice`, candidates);
    }
  }
}

/** Names that a module has twice: as values, as types, or as an import and a declaration. */
function sharedNames(content: string): ReadonlySet<string> {
  const values = new Set<string>();
  const types = new Set<string>();
  const exported = new Set<string>();
  const shared = new Set<string>();
  const add = (name: string, ...spaces: readonly Set<string>[]): void => {
    for (const names of spaces) {
      if (names.has(name)) shared.add(name);
      names.add(name);
    }
  };
  for (const line of content.split("\n")) {
    const [, keyword, name] = DECLARATION.exec(line) ?? [];
    if (name !== undefined) {
      if (line.startsWith("export ")) exported.add(name);
      const isType = keyword === "type" || keyword === "interface";
      add(name, ...(keyword === "class" ? [values, types] : [isType ? types : values]));
      continue;
    }
    const [, list, namespace] = IMPORT.exec(line) ?? [];
    if (namespace !== undefined) add(namespace, values, types);
    for (const item of list?.split(",") ?? [])
      add(
        item
          .trim()
          .replace(/^type /, "")
          .split(" as ")
          .at(-1)!,
        values,
        types,
      );
  }
  for (const name of exported) {
    const [, original] = ALTERNATIVE.exec(name) ?? [];
    if (original !== undefined && exported.has(original)) shared.add(original);
  }
  return shared;
}

/** A message or enum, and its name in generated code. */
interface NamedType {
  readonly desc: DescMessage | DescEnum;
  readonly identifier: string;
}

/** The types of a proto file, or of all files. */
function typesOf(files: readonly DescFile[], source: string | undefined): NamedType[] {
  return files
    .filter(({ proto }) => source === undefined || proto.name === source)
    .flatMap((file) => [...nestedTypes(file)])
    .filter((desc) => desc.kind === "message" || desc.kind === "enum")
    .map((desc) => {
      const scope = desc.file.proto.package;
      const path = scope === "" ? desc.typeName : desc.typeName.slice(scope.length + 1);
      return { desc, identifier: path.replaceAll(".", "_") };
    });
}

/** The type that a name was made from: the longest one that the name contains, the last of equal ones; otherwise the first type. */
function nearestType(name: string, candidates: readonly NamedType[]): NamedType | undefined {
  const text = name.toLowerCase();
  let nearest: NamedType | undefined;
  for (const candidate of candidates) {
    const { identifier } = candidate;
    if (text.includes(identifier.toLowerCase()) && identifier.length >= (nearest?.identifier.length ?? 0))
      nearest = candidate;
  }
  return nearest ?? candidates[0];
}
