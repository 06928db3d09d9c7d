import { WireloomError } from "../wireloom-error.js";
import type { Plugin } from "./plugin.js";

const OPTION = "answer_timeout";
/** A day. */
const MAX_SECONDS = 86_400;

/**
 * Milliseconds that a request of the plugin waits for its response, as the user set it among `settings`, by `resource.name`, else as the
 * plugin declares; 0 for as long as its connection lives. Throws `usage` for what is not such a time.
 */
export function answerTimeoutMs(
  { table, limits }: Pick<Plugin, "table" | "limits">,
  settings: ReadonlyMap<string, string>,
): number {
  const text = settings.get(`${table.resource}.${OPTION}`);
  if (text === undefined) return limits.pendingTtlMs;
  const seconds = Number(text);
  const isOfConnections = limits.pendingTtlMs === 0;
  if (text.trim() !== "" && seconds <= MAX_SECONDS && (seconds > 0 || (seconds === 0 && isOfConnections))) {
    return seconds * 1000;
  }
  throw new WireloomError(
    "usage",
    `${table.resource}.${OPTION} is a number of seconds ${isOfConnections ? "from" : "above"} 0, up to ${MAX_SECONDS}, not "${text}"`,
  );
}
