import type { ComparisonPlan } from "./comparison.js";
import { arpPlan } from "./plans/arp.js";
import { dhcpPlan } from "./plans/dhcp.js";
import { dnsPlan } from "./plans/dns.js";
import { flowPlan } from "./plans/flow.js";
import { icmpPlan } from "./plans/icmp.js";
import { ntpPlan } from "./plans/ntp.js";

/** One plan a plugin, by resource. */
export const comparisonPlans: Readonly<Record<string, ComparisonPlan>> = {
  arp: arpPlan,
  dhcp: dhcpPlan,
  dns: dnsPlan,
  flow: flowPlan,
  icmp: icmpPlan,
  ntp: ntpPlan,
};
