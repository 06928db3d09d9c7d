import { Kind } from "../../../generated/arp/arp_enums.js";
import { all, hasField, inNoRow, isCut, isMalformed, isRefused, some } from "../../../test/conformance/conditions.js";
import { type Difference, NOTHING } from "../../../test/conformance/difference.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { captureTime, has, hasValue, type TsharkFrame } from "../../../test/conformance/tshark-frame.js";

/** Nanoseconds in which claims of two hosts are a conflict. */
const CONFLICT_NANOSECONDS = 1_200_000_000_000n;

/** Number of the last frame before this one in which another host claimed its sender's address; undefined for none of late. */
function lastClaimOfOther({ evidence, frame }: Difference): number | undefined {
  const { frames } = evidence.readings.tshark;
  const claim = frames[frame - 1];
  if (claim === undefined) return undefined;
  const [address, host] = [claim["arp.src.proto_ipv4"]?.[0], claim["arp.src.hw_mac"]?.[0]];
  if (address === undefined || host === undefined || !isClaim(claim)) return undefined;
  for (let number = frame - 1; number >= 1; number--) {
    const earlier = frames[number - 1]!;
    if (!hasValue(earlier, "arp.src.proto_ipv4", address) || !isClaim(earlier)) continue;
    if (captureTime(claim) - captureTime(earlier) > CONFLICT_NANOSECONDS) return undefined;
    if (!hasValue(earlier, "arp.src.hw_mac", host)) return number;
  }
  return undefined;
}

/** A request or a reply of a host with a MAC. */
function isClaim(frame: TsharkFrame): boolean {
  return hasValue(frame, "arp.opcode", "1", "2") && has(frame, "arp.src.hw_mac");
}

/** Fields of tshark that only the conditions here read. */
export const evidenceFields = [
  "arp.hw.size",
  "arp.proto.size",
  "arp.src.hw_mac",
  "arp.src.proto_ipv4",
  "arp.dst.proto_ipv4",
  "arp.opcode",
];

/** Known differences of ARP. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    id: "arp/probe-with-target",
    fields: ["kind = arp.isprobe"],
    reason:
      "Some senders (busybox) put ones, not zeros, as a probe's target hardware address. It is to be ignored (RFC 5227, section 1.1); Wireshark wants zeros.",
    explains: ({ ours, tshark, evidence }) =>
      ours === String(Kind.PROBE) &&
      tshark === String(Kind.ORDINARY) &&
      hasValue(evidence.frame, "arp.src.proto_ipv4", "0.0.0.0"),
  },
  {
    id: "arp/announcement-with-target",
    fields: ["kind = arp.isprobe"],
    reason: "As for a probe: Wireshark calls such a request gratuitous only.",
    explains: ({ ours, tshark, evidence }) =>
      ours === String(Kind.ANNOUNCEMENT) &&
      tshark === String(Kind.GRATUITOUS) &&
      hasValue(evidence.frame, "arp.opcode", "1"),
  },
  {
    id: "arp/claimed-by-other",
    fields: ["conflict = arp.duplicate-address-detected"],
    reason:
      "Ours reports an address that another host claimed in the last 20 minutes; Wireshark reports who differs from the first host that it saw.",
    explains: (difference) =>
      hasField("arp")(difference) && difference.ours === String(lastClaimOfOther(difference) !== undefined),
  },
  {
    id: "arp/last-claim",
    fields: ["conflict_frame = arp.duplicate-address-frame"],
    reason: "As for the conflict: ours names the last claim by another host, Wireshark the first host's last.",
    explains: (difference) =>
      hasField("arp")(difference) && difference.ours === String(lastClaimOfOther(difference) ?? NOTHING),
  },
  {
    id: "arp/empty-address",
    fields: ["sender_hardware = arp.src.hw", "target_hardware = arp.dst.hw"],
    reason: "An address of no bytes: ours is empty, Wireshark shows no field.",
    explains: ({ ours, tshark, evidence }) =>
      ours === "" && tshark === NOTHING && hasValue(evidence.frame, "arp.hw.size", "0"),
  },
  {
    id: "arp/empty-protocol-address",
    fields: ["sender_protocol = arp.src.proto", "target_protocol = arp.dst.proto"],
    reason: "As for hardware addresses.",
    explains: ({ ours, tshark, evidence }) =>
      ours === "" && tshark === NOTHING && hasValue(evidence.frame, "arp.proto.size", "0"),
  },
  {
    id: "arp/cut",
    fields: ["row"],
    reason: "The message ends inside its addresses, so there is no row; it is counted as truncated or malformed.",
    explains: all(inNoRow, isRefused, some(isMalformed, isCut)),
  },
];
