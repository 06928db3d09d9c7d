import type { EnumModel } from "./enum-model.js";
import type { MessageModel } from "./message-model.js";
import type { PluginModel } from "./plugin-model.js";

/** The input of all emitters, in linked parts. */
export interface SchemaModel {
  /** Plugins in the order of their folders. */
  readonly plugins: readonly PluginModel[];
  /** The observation, and groups that events include; each once. */
  readonly groups: readonly MessageModel[];
  /** Enums of all fields, each once. */
  readonly enums: readonly EnumModel[];
}

/** The messages of a schema: groups, then events. */
export function messagesOf({ groups, plugins }: SchemaModel): MessageModel[] {
  return [...groups, ...plugins.map(({ message }) => message)];
}
