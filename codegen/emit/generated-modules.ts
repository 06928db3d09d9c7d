import type { EnumModel } from "../model/enum-model.js";
import type { MessageModel } from "../model/message-model.js";
import { kebabCase } from "../names.js";

/** Kinds of generated modules of a message or of a table. */
export type GeneratedPart = "record" | "codec" | "fields" | "random";

/** Path of a generated module of a message, without extension: `dns/record` for an event, `tls/hello-record` for a group. */
export function moduleOf({ desc, name, isGroup }: MessageModel, part: GeneratedPart): string {
  const folder = desc.file.name.split("/").slice(0, -1).join("/");
  const file = isGroup ? `${kebabCase(name)}-${part}` : part;
  return part === "random" ? `${folder}/testing/${file}` : `${folder}/${file}`;
}

/** Path of the generated module of an enum: one module for all enums of a proto file. */
export function enumModuleOf({ desc }: EnumModel): string {
  return `${desc.file.name}_enums`;
}
