import type { Condition } from "./conditions.js";
import { arpDifferences } from "./known-differences/arp.js";
import { communityIdDifferences } from "./known-differences/community-id.js";
import { dhcpDifferences } from "./known-differences/dhcp.js";
import { dnsDifferences } from "./known-differences/dns.js";
import { flowDifferences } from "./known-differences/flow.js";
import { httpDifferences } from "./known-differences/http.js";
import { icmpDifferences } from "./known-differences/icmp.js";
import { layerDifferences } from "./known-differences/layers.js";
import { ntpDifferences } from "./known-differences/ntp.js";
import { quicDifferences } from "./known-differences/quic.js";
import { repeatDifferences } from "./known-differences/repeats.js";
import { tlsDifferences } from "./known-differences/tls.js";

/** A disagreement with tshark that was looked into and stays. */
export interface KnownDifference {
  /** Resource and a few words, separated by a slash; unique. */
  readonly id: string;
  /** As {@link Difference.field}. */
  readonly fields: readonly string[];
  /** Only for single values that a person reviewed: the captures that have them. */
  readonly captures?: readonly string[];
  /** Why each side says what it says. */
  readonly reason: string;
  /** Narrows the entry to what the reason explains, by facts of the frame, the row or the conversation. */
  readonly explains: Condition;
}

/** Every known difference, reviewed by a person; the first one that explains a difference counts. */
export const knownDifferences: readonly KnownDifference[] = [
  ...repeatDifferences,
  ...communityIdDifferences,
  ...arpDifferences,
  ...dhcpDifferences,
  ...dnsDifferences,
  ...flowDifferences,
  ...httpDifferences,
  ...icmpDifferences,
  ...layerDifferences,
  ...ntpDifferences,
  ...quicDifferences,
  ...tlsDifferences,
];
