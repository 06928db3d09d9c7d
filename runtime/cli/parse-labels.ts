import { WireloomError } from "../wireloom-error.js";

/** Parses `key=value` labels. Throws `usage`. */
export function parseLabels(texts: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals < 1) throw new WireloomError("usage", `label "${text}" is not of the form key=value`);
    labels[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return labels;
}
