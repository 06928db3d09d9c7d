import type { Plugin } from "../plugin/plugin.js";
import { optionProblem } from "../schema/option-type.js";
import { WireloomError } from "../wireloom-error.js";

/** Values of the options that a plugin declares: those of the capture's settings, or else their defaults. */
export class OptionValues {
  readonly #resource: string;
  readonly #values: ReadonlyMap<string, string>;

  /** `settings` has values by `resource.name`. Throws `usage` for a value that is not valid for its option. */
  constructor({ table, options }: Pick<Plugin, "table" | "options">, settings: ReadonlyMap<string, string>) {
    this.#resource = table.resource;
    this.#values = new Map(
      options.map(({ name, defaultValue, type }) => {
        const key = `${table.resource}.${name}`;
        const value = settings.get(key) ?? defaultValue;
        const problem = optionProblem(type, value);
        if (problem !== undefined) throw new WireloomError("usage", `${key} ${problem}`);
        return [name, value];
      }),
    );
  }

  /** Throws for an option that the plugin does not declare, which is an error of its decoder. */
  get(name: string): string {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    throw new Error(`${this.#resource}: option("${name}") needs an options annotation on the event`);
  }
}
