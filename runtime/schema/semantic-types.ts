import { bool } from "./types/bool.js";
import { bytes } from "./types/bytes.js";
import { double } from "./types/double.js";
import { duration } from "./types/duration.js";
import { enumeration } from "./types/enum.js";
import { flags } from "./types/flags.js";
import { int32 } from "./types/int32.js";
import { int64 } from "./types/int64.js";
import { ip } from "./types/ip.js";
import { mac } from "./types/mac.js";
import { port } from "./types/port.js";
import type { SemanticType } from "./types/semantic-type.js";
import { text } from "./types/text.js";
import { timestamp } from "./types/timestamp.js";
import { uint32 } from "./types/uint32.js";
import { uint64 } from "./types/uint64.js";
import { uuid } from "./types/uuid.js";

const TYPES = {
  bool,
  uint32,
  int32,
  uint64,
  int64,
  double,
  enum: enumeration,
  port,
  timestamp,
  duration,
  ip,
  mac,
  uuid,
  flags,
  text,
  bytes,
};

/** Name of a semantic type. */
export type SemanticTypeName = keyof typeof TYPES;

/** Every semantic type by its name. */
export const SEMANTIC_TYPES: Readonly<Record<SemanticTypeName, SemanticType>> = TYPES;
