import type { ConversationTracker } from "../conversation/conversation-tracker.js";
import { readProxyHeaders } from "./proxy-headers.js";
import type { StreamConnection } from "./stream-connection.js";

/** Bytes of headers that are waited for; version 2 allows up to 65 551, which senders do not use. */
const MAX_HEADER_BYTES = 16 * 1024;
/** More has to come before the stream's own bytes are known. */
export const HEADER_INCOMPLETE = -1;

/**
 * Reads the PROXY headers that `bytes[start, end)`, the first ones from the client of a connection, begin with: their length, after which the
 * protocol's own stream begins; 0 for none, or {@link HEADER_INCOMPLETE} while more has to come and `isLast` is not set.
 */
export function passProxyHeaders(
  tracker: ConversationTracker,
  connection: StreamConnection,
  bytes: Uint8Array,
  start: number,
  end: number,
  isLast: boolean,
): number {
  const { header, isIncomplete } = readProxyHeaders(bytes, start, end);
  if (isIncomplete && !isLast && end - start < MAX_HEADER_BYTES) return HEADER_INCOMPLETE;
  connection.mayHaveProxyHeader = false;
  if (header === undefined) return 0;
  if (header.client !== undefined) tracker.learnProxiedClient(connection.slot, header.client);
  connection.client.position -= header.lengthBytes;
  return header.lengthBytes;
}
