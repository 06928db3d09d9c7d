import type { Plugin } from "../plugin/plugin.js";

/**
 * The capture filter that passes what the plugins are bound to, VLAN-tagged or not, in pcap-filter syntax. Empty, which passes
 * everything, where one of them sees every packet or none is bound to anything.
 */
export function unionFilter(plugins: readonly Plugin[]): string {
  const filters = plugins.map(({ captureFilter }) => captureFilter);
  if (filters.length === 0 || filters.some((filter) => filter === "")) return "";
  const untagged = filters.join(" or ");
  return `${untagged} or (vlan and (${untagged}))`;
}
