import type { SchemaModel } from "../model/schema-model.js";
import type { Line } from "./code.js";

/** Where an emitter writes its files; paths are below the folder of generated files. */
export interface Output {
  /** Adds a TypeScript file of these lines, with the imports that they need; `source` is what it was generated from. */
  typescript(path: string, source: string, lines: readonly Line[]): void;
  /** Adds any other file. */
  text(path: string, content: string): void;
}

/**
 * One kind of generated file. An example is `random.ts`; a new one is a file like it and a line in `emitters.ts`:
 *
 * ```ts
 * export const markdown: Emitter = {
 *   emit({ plugins }, output) {
 *     for (const { table } of plugins) output.text(`docs/${table.name}.md`, `# ${table.title}\n`);
 *   },
 * };
 * ```
 */
export interface Emitter {
  /** Writes the files of a schema. */
  emit(schema: SchemaModel, output: Output): void;
}
