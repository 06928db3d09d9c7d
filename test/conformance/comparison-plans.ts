import type { ComparisonPlan } from "./comparison-plan.js";
import { arpPlan } from "./plans/arp.js";
import { dhcpPlan } from "./plans/dhcp.js";
import { dnsPlan } from "./plans/dns.js";
import { flowPlan } from "./plans/flow.js";
import { httpPlan } from "./plans/http.js";
import { icmpPlan } from "./plans/icmp.js";
import { ntpPlan } from "./plans/ntp.js";
import { quicPlan } from "./plans/quic.js";
import { tlsPlan } from "./plans/tls.js";

/** One plan a plugin, by resource. */
export const comparisonPlans: Readonly<Record<string, ComparisonPlan>> = {
  arp: arpPlan,
  dhcp: dhcpPlan,
  dns: dnsPlan,
  flow: flowPlan,
  http: httpPlan,
  icmp: icmpPlan,
  ntp: ntpPlan,
  quic: quicPlan,
  tls: tlsPlan,
};
