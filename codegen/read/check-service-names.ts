import type { DescFile } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import type { PluginModel } from "../model/plugin-model.js";
import { buildOperatorFile } from "./build-service.js";
import type { Diagnostics } from "./diagnostics.js";
import { type Declaration, lineOf, projectPath } from "./source-location.js";

/**
 * Reports names that a proto of a plugin and a generated proto declare both, and files of one name. Names are compared as protobuf scopes
 * them: the values of an enum belong to the package.
 */
export function checkServiceNames(
  plugins: readonly PluginModel[],
  files: readonly DescFile[],
  diagnostics: Diagnostics,
): void {
  const operators = buildOperatorFile();
  const owners = new Map(namesOf(operators).map((name): [string, string] => [name, `the generated ${operators.name}`]));
  const paths = new Map([[operators.name, `the generated ${operators.name}`]]);
  for (const { message, service } of plugins) {
    const owner = `the generated service of ${message.name}`;
    for (const name of namesOf(service.file)) {
      const other = owners.get(name);
      // Two columns of one name are reported by themselves.
      if (other !== undefined && other !== owner) {
        const problem = `${owner} would declare ${name}, as ${other} does; rename the message ${message.name}`;
        diagnostics.report(projectPath(message.desc.file), lineOf(message.desc), problem);
      }
      owners.set(name, owner);
    }
    paths.set(service.file.name, owner);
  }
  for (const file of files) {
    const path = projectPath(file);
    const owner = paths.get(file.proto.name);
    if (owner !== undefined) diagnostics.report(path, 1, `${owner} is a file of this name; rename this file`);
    for (const { name, desc } of declarationsOf(file)) {
      const service = owners.get(name);
      if (service === undefined) continue;
      const what = desc.kind.replace("_", " ");
      const problem = `${what} ${desc.name}: ${service} declares ${name}; rename this ${what}`;
      diagnostics.report(path, lineOf(desc), problem);
    }
  }
}

/** Full names that a generated file declares in its package. */
function namesOf({ package: scope, messageType, enumType, service }: FileDescriptorProto): string[] {
  const values = enumType.flatMap(({ value }) => value);
  return [...messageType, ...enumType, ...values, ...service].map(({ name }) => `${scope}.${name}`);
}

/** Declarations of a file that have names in its package. */
function declarationsOf({
  proto,
  messages,
  enums,
  extensions,
  services,
}: DescFile): { name: string; desc: Declaration }[] {
  const values = enums.flatMap((desc) => desc.values);
  const all = [...messages, ...enums, ...values, ...extensions, ...services];
  return all.map((desc) => ({ name: `${proto.package}.${desc.name}`, desc }));
}
