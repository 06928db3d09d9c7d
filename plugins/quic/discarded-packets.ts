import { uint32 } from "../../runtime/plugin/index.js";
import { type ConnectionIds, equalsId } from "./connection-ids.js";
import { type LongHeader, PacketType } from "./long-header.js";
import { isRetryOf } from "./retry-integrity.js";
import { isReserved } from "./versions.js";

/**
 * True for a packet of a server's side that the client of an attempt with `version` discards: a Version Negotiation or a Retry that who has
 * not seen the client's first packet could have made, or that comes after another answer.
 */
export function isDiscarded(
  { original, server }: ConnectionIds,
  version: number,
  hasAnswer: boolean,
  bytes: Uint8Array,
  header: LongHeader,
): boolean {
  // RFC 9000, sections 6.2 and 17.2.1; a server adds reserved versions to its list, of which the client's may be one (section 6.3).
  if (header.type === PacketType.VersionNegotiation) {
    const isToOriginal = equalsId(original, bytes, header.sourceStart, header.sourceEnd);
    return !isToOriginal || hasAnswer || (!isReserved(version) && listsVersion(bytes, header, version));
  }
  // RFC 9000, section 17.2.5.2.
  return header.type === PacketType.Retry && (server !== undefined || !isRetryOf(original, bytes, header));
}

/** Whether a Version Negotiation packet has this version among the server's. */
function listsVersion(bytes: Uint8Array, { sourceEnd, end }: LongHeader, version: number): boolean {
  for (let at = sourceEnd; at < end; at += 4) if (uint32(bytes, at) === version) return true;
  return false;
}
