/** A name in camelCase or PascalCase as snake_case: `evictedByTotal` as `evicted_by_total`, `ResourceExhausted` as `resource_exhausted`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
