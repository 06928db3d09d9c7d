import { LinkType } from "../packet/link-type.js";
import { WireloomError } from "../wireloom-error.js";
import { MAX_PACKET_BYTES } from "./block-buffer.js";
import { compileFilter } from "./bpf-filter.js";
import { expressionFor, type PacketFilter } from "./packet-filter.js";

/**
 * Checks a filter before the link types of its captures are known. Throws `invalid_filter`, as {@link compileFilter} reports it for
 * Ethernet, if its expression is not valid for any link type, and `missing_library`.
 */
export function checkFilter(filter: PacketFilter): void {
  let problem: unknown;
  for (const linkType of [LinkType.Ethernet, ...Object.values(LinkType)]) {
    try {
      compileFilter(expressionFor(filter, linkType), linkType, MAX_PACKET_BYTES);
      return;
    } catch (error) {
      if (!(error instanceof WireloomError) || error.code !== "invalid_filter") throw error;
      problem ??= error;
    }
  }
  throw problem;
}
