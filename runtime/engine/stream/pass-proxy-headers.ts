import type { ConversationTracker } from "../conversation/conversation-tracker.js";
import { readProxyHeaders } from "./proxy-headers.js";
import type { StreamConnection } from "./stream-connection.js";

/** Maximum bytes of headers that are buffered; version 2 allows up to 65 551, which senders do not use. */
const MAX_HEADER_BYTES = 16 * 1024;
/** More bytes are needed to find the start of the stream. */
export const HEADER_INCOMPLETE = -1;

/**
 * Length of the PROXY headers at the start of `bytes[start, end)`, the first bytes from the client of a connection; the
 * protocol's own stream begins after them. Returns 0 without a header, or {@link HEADER_INCOMPLETE} if more bytes are needed and `isLast`
 * is not set.
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
