import { readCommunityIds } from "../community-id.js";
import type { KnownDifference } from "../known-difference.js";

const RESOURCES = ["flow", "icmp"];

/**
 * Community IDs, which tshark computes of the outermost packet, of one that an error quotes, or not at all: of fragments, of cut headers,
 * of other protocols over IPv6.
 */
export const communityIdDifferences: readonly KnownDifference[] = RESOURCES.map((resource) => ({
  id: `${resource}/community-id`,
  fields: ["community_id = communityid"],
  reason:
    "Ours is that of the innermost packet, as the specification computes it from what tshark shows of it (`community-id.ts`); tshark's is that of another packet in the frame, or there is none.",
  explains: ({ ours, evidence }) => readCommunityIds(evidence.frame, evidence.row).includes(ours),
}));
