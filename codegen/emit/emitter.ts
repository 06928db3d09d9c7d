import type { SchemaModel } from "../model/schema-model.js";
import type { Line } from "./code.js";

/** Output of an emitter; paths are relative to the folder of generated files. */
export interface Output {
  /** Adds a TypeScript file with these lines and the imports that they need; `source` is the file that it was generated from. */
  typescript(path: string, source: string, lines: readonly Line[]): void;
  /** Adds any other file. */
  text(path: string, content: string): void;
}

/**
 * One kind of generated file. An example is `random.ts`. To add one, write a similar file and add a line to `emitters.ts`:
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
