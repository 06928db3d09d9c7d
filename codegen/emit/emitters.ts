import { codecs } from "./codec.js";
import { definitions } from "./definition.js";
import type { Emitter } from "./emitter.js";
import { enums } from "./enum.js";
import { queries } from "./query.js";
import { randoms } from "./random.js";
import { records } from "./record.js";
import { registries } from "./registry.js";
import { services } from "./service.js";
import { tables } from "./table.js";

/** Everything that is generated beside protobuf-es's messages. */
export const EMITTERS: readonly Emitter[] = [
  enums,
  records,
  codecs,
  tables,
  definitions,
  queries,
  randoms,
  services,
  registries,
];
