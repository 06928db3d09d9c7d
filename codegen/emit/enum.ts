import type { EnumModel } from "../model/enum-model.js";
import { code, type Line, runtime } from "./code.js";
import type { Emitter } from "./emitter.js";
import { enumModuleOf } from "./generated-modules.js";

/** Writes `<file>_enums.ts`: the enums of a proto file that fields use, each value once. */
export const enums: Emitter = {
  emit({ enums: all }, output) {
    for (const module of new Set(all.map(enumModuleOf))) {
      const models = all.filter((model) => enumModuleOf(model) === module);
      output.typescript(`${module}.ts`, `${models[0]!.desc.file.name}.proto`, models.flatMap(emitEnum));
    }
  },
};

function emitEnum({ name, valuesName, values }: EnumModel, index: number): Line[] {
  const members = values.map((value) => `  ${value.name}: ${value.number},`);
  const described = values.filter(({ description }) => description !== undefined);
  const descriptions = described.map((value) => `  ${value.name}: ${JSON.stringify(value.description)},`);
  const columns = runtime("enumValues", "schema/enum-values");
  return [
    ...(index === 0 ? [] : [""]),
    `/** Assigned values of ${name}; a field may have other values. */`,
    `export const ${name} = {`,
    ...members,
    "} as const;",
    "",
    `/** The values of ${name} in the form used by columns. */`,
    ...(descriptions.length === 0
      ? [code`export const ${valuesName} = ${columns}(${name});`]
      : [code`export const ${valuesName} = ${columns}(${name}, {`, ...descriptions, "});"]),
  ];
}
