export { camelCase } from "../runtime/schema/define-columns.js";

/** `DnsOpcode` → `DNS_OPCODE`. */
export function constantCase(pascal: string): string {
  return pascal.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}

/** `DnsOpcode` → `dns-opcode`. */
export function kebabCase(pascal: string): string {
  return constantCase(pascal).toLowerCase().replaceAll("_", "-");
}

/** `Rcode` → `rcode`, the prefix of a constant's name. */
export function lowerFirst(pascal: string): string {
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}
