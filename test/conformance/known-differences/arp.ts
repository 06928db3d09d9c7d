import { Kind } from "../../../generated/arp/record.js";
import type { KnownDifference } from "../known-differences.js";

const FIRST_OWNER_AGAIN = 6;

/** Known differences of ARP. */
export const arpDifferences: readonly KnownDifference[] = [
  {
    resource: "arp",
    field: "kind = arp.isprobe",
    reason:
      "busybox sends ones, not zeros, as the target's hardware address. It is to be ignored (RFC 5227, section 1.1); Wireshark wants zeros of a probe.",
    explains: ({ ours, tshark }) => ours === String(Kind.PROBE) && tshark === String(Kind.ORDINARY),
  },
  {
    resource: "arp",
    field: "kind = arp.isprobe",
    reason: "As for a probe: Wireshark calls this request gratuitous only.",
    explains: ({ ours, tshark }) => ours === String(Kind.ANNOUNCEMENT) && tshark === String(Kind.GRATUITOUS),
  },
  {
    resource: "arp",
    field: "conflict = arp.duplicate-address-detected",
    capture: "conflict.pcap",
    reason:
      "The first owner claims the address again while the second one has it. Wireshark takes the first one for the rightful owner for ever and flags the second one only.",
    explains: ({ frame, ours }) => frame === FIRST_OWNER_AGAIN && ours === "true",
  },
  {
    resource: "arp",
    field: "conflict_frame = arp.duplicate-address-frame",
    capture: "conflict.pcap",
    reason: "As for conflict.",
    explains: ({ frame }) => frame === FIRST_OWNER_AGAIN,
  },
  {
    resource: "arp",
    field: "row",
    capture: "snap-length-34.pcap",
    reason: "The capture cut these in their addresses; they are counted as truncated.",
    explains: ({ ours }) => ours === "in 0 rows",
  },
];
