/** `query_name` → `queryName`. */
export function camelCase(snake: string): string {
  return snake.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `DnsOpcode` → `DNS_OPCODE`. */
export function constantCase(pascal: string): string {
  return pascal.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}

/** `query_name` → `Query name`. */
export function titleOf(snake: string): string {
  const words = snake.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
