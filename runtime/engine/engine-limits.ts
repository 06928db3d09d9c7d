import type { FragmentLimits } from "../packet/defragmenter.js";
import { WireloomError } from "../wireloom-error.js";
import type { ConversationLimits } from "./conversation/conversation-tracker.js";
import type { TagRule } from "./conversation/tag-rule.js";
import type { StreamLimits } from "./stream/stream-limits.js";

/** One limit of the engine that a user may set. */
export interface EngineLimit {
  readonly defaultValue: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly description: string;
}

const MEBIBYTE = 1024 * 1024;

/** Every limit of the engine, by the name that `--limit` takes. Together they stay well below an agent's default memory. */
export const ENGINE_LIMITS = {
  conversations: limit(65536, 16, 4194304, "maximum concurrent conversations"),
  idle_timeout_ms: limit(60_000, 1, 86_400_000, "idle timeout of a conversation that is not TCP"),
  tcp_timeout_ms: limit(600_000, 1, 86_400_000, "idle timeout of a TCP connection"),
  tcp_half_open_timeout_ms: limit(120_000, 1, 86_400_000, "idle timeout of a TCP connection with only SYNs seen"),
  linger_ms: limit(5000, 0, 600_000, "time that a closed TCP connection waits for stragglers"),
  stream_connection_bytes: limit(512 * 1024, 4096, 64 * MEBIBYTE, "maximum buffered bytes of one TCP connection"),
  stream_plugin_bytes: limit(
    16 * MEBIBYTE,
    4096,
    4096 * MEBIBYTE,
    "maximum buffered bytes of one plugin's TCP connections",
  ),
  stream_total_bytes: limit(24 * MEBIBYTE, 4096, 4096 * MEBIBYTE, "maximum buffered bytes of all TCP connections"),
  stream_gap_bytes: limit(256 * 1024, 1024, 64 * MEBIBYTE, "bytes after a gap at which the gap is reported as lost"),
  stream_gap_ms: limit(5000, 1, 600_000, "time after which a gap is reported as lost"),
  duplicate_window_us: limit(
    2000,
    0,
    1_000_000,
    "time within which an identical packet is a copy; 0 counts every packet",
  ),
  fragment_datagrams: limit(4096, 1, 1048576, "maximum IP datagrams in reassembly"),
  fragment_bytes: limit(8 * MEBIBYTE, 65536, 1024 * MEBIBYTE, "maximum bytes of fragments in reassembly"),
  // Less than the time that requests wait: the fragments that arrived of a response may answer one.
  fragment_timeout_ms: limit(15_000, 1, 600_000, "time that a datagram's fragments wait for others"),
  pending_bytes: limit(8 * MEBIBYTE, 65536, 1024 * MEBIBYTE, "maximum bytes of open requests of one plugin"),
  uplink_bytes: limit(24 * MEBIBYTE, MEBIBYTE, 4096 * MEBIBYTE, "bytes of rows that wait for the collector's word"),
} as const satisfies Record<string, EngineLimit>;

/** A value for each of {@link ENGINE_LIMITS}. */
export type EngineLimits = Readonly<Record<keyof typeof ENGINE_LIMITS, number>>;

/** Resident memory, in MiB, that an agent stays below with the defaults of {@link ENGINE_LIMITS}. */
export const DEFAULT_MEMORY_MIB = 256;

/** The byte limits that apply to a whole agent; they are scaled with its memory. */
const SHARED_BYTES: readonly string[] = [
  "stream_plugin_bytes",
  "stream_total_bytes",
  "fragment_bytes",
  "pending_bytes",
  "uplink_bytes",
] satisfies (keyof typeof ENGINE_LIMITS)[];

/**
 * The limits with the values given by a user, by name; shared byte limits without a value are scaled for an agent of `memoryMiB`. Throws `usage`
 * for an unknown name or an invalid value.
 */
export function limitsFrom(values: ReadonlyMap<string, number>, memoryMiB = DEFAULT_MEMORY_MIB): EngineLimits {
  for (const [name, value] of values) {
    const known = (ENGINE_LIMITS as Readonly<Record<string, EngineLimit>>)[name];
    if (known === undefined) {
      throw new WireloomError(
        "usage",
        `there is no limit "${name}"; the limits are ${Object.keys(ENGINE_LIMITS).join(", ")}`,
      );
    }
    if (!Number.isInteger(value) || value < known.minimum || value > known.maximum) {
      throw new WireloomError(
        "usage",
        `limit ${name} must be a whole number from ${known.minimum} to ${known.maximum}`,
      );
    }
  }
  const entries = Object.entries(ENGINE_LIMITS).map(([name, { defaultValue, minimum, maximum }]) => {
    const scale = SHARED_BYTES.includes(name) ? memoryMiB / DEFAULT_MEMORY_MIB : 1;
    const scaled = Math.min(maximum, Math.max(minimum, Math.floor(defaultValue * scale)));
    return [name, values.get(name) ?? scaled];
  });
  // The entries are those of the object whose keys the type names.
  return Object.fromEntries(entries) as EngineLimits;
}

/** The default of each limit. */
export const defaultLimits: EngineLimits = limitsFrom(new Map());

/** The limits of conversations. */
export function conversationLimits(limits: EngineLimits, tagRule: TagRule): ConversationLimits {
  return {
    maxConversations: limits.conversations,
    tagRule,
    idleMs: limits.idle_timeout_ms,
    halfOpenMs: limits.tcp_half_open_timeout_ms,
    establishedMs: limits.tcp_timeout_ms,
    lingerMs: limits.linger_ms,
  };
}

/** The limits of reassembly. */
export function fragmentLimits(limits: EngineLimits): FragmentLimits {
  return {
    maxDatagrams: limits.fragment_datagrams,
    maxBytes: limits.fragment_bytes,
    timeoutMs: limits.fragment_timeout_ms,
  };
}

/** The limits of TCP streams. */
export function streamLimits(limits: EngineLimits): StreamLimits {
  return {
    connectionBytes: limits.stream_connection_bytes,
    pluginBytes: limits.stream_plugin_bytes,
    totalBytes: limits.stream_total_bytes,
    gapBytes: limits.stream_gap_bytes,
    gapMs: limits.stream_gap_ms,
  };
}

function limit(defaultValue: number, minimum: number, maximum: number, description: string): EngineLimit {
  return { defaultValue, minimum, maximum, description };
}
