import type { Column } from "../../schema/event-table.js";

/** IPv4 addresses are the 2^32 values from `::ffff:0.0.0.0` on. */
const IPV4_FIRST = "281470681743360::UHUGEINT";
/** IPv4-mapped IPv6 addresses are the 2^32 values from here on, the last ones. */
const MAPPED_FIRST = "340282366920938463463374607427473244160::UHUGEINT";

/** A column as people read it: addresses and enums as text, durations as intervals. */
export function readableColumn(column: Column): string {
  const name = `"${column.name}"`;
  if (column.isList)
    return column.type === "enum" ? `list_transform(${name}, lambda item: ${enumText(column, "item")})` : name;
  switch (column.type) {
    case "ip":
      return ipText(name);
    case "enum":
      return enumText(column, name);
    case "duration":
      return `to_microseconds(${name} // 1000)`;
    case "mac":
      return `regexp_replace(lpad(lower(to_hex(${name})), 12, '0'), '(..)(..)(..)(..)(..)(..)', '\\1:\\2:\\3:\\4:\\5:\\6')`;
    default:
      return name;
  }
}

function enumText(column: Column, value: string): string {
  const cases = column.enumValues.map(({ number, name }) => `WHEN ${number} THEN '${name}'`).join(" ");
  return cases === "" ? value : `CASE ${value} ${cases} ELSE ${value}::VARCHAR END`;
}

/** IPv4 dotted; IPv6 as eight groups, the longest form that every tool reads. */
function ipText(name: string): string {
  const low = `(${name} - ${IPV4_FIRST})::UBIGINT`;
  const dotted = [24, 16, 8, 0].map((shift) => `((${low} >> ${shift}) & 255)::VARCHAR`).join(" || '.' || ");
  const address = `(CASE WHEN ${name} >= ${MAPPED_FIRST} THEN ${name} - ${MAPPED_FIRST} + ${IPV4_FIRST} ELSE ${name} END)`;
  const digits = `lpad(lower(to_hex(${address})), 32, '0')`;
  const groups = `regexp_replace(${digits}, '(....)(....)(....)(....)(....)(....)(....)(....)', '\\1:\\2:\\3:\\4:\\5:\\6:\\7:\\8')`;
  return `CASE WHEN ${name} IS NULL THEN NULL WHEN ${name} >= ${IPV4_FIRST} AND ${name} < ${IPV4_FIRST} + 4294967296::UHUGEINT THEN ${dotted} ELSE ${groups} END`;
}
