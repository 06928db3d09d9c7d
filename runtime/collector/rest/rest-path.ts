import { listNames, nearestName } from "../../schema/nearest-name.js";
import { quote } from "../../schema/quote.js";
import { WireloomError } from "../../wireloom-error.js";

/** The path as routes have it: names of collections in lower case, without a slash at the end. */
export function normalizePath(path: string, resources: ReadonlySet<string>): string {
  const parts = path.split("/");
  if (parts[1]?.toLowerCase() !== "v1") return path;
  if (parts.length > 2 && parts.at(-1) === "") parts.pop();
  parts[1] = "v1";
  for (const place of [2, 4]) {
    const name = parts[place]?.toLowerCase();
    if (name !== undefined && resources.has(name)) parts[place] = name;
  }
  return parts.join("/");
}

/** The error for a path that does not exist: names the nearest one, or the collections. */
export function unknownPath(path: string, resources: readonly string[]): WireloomError {
  const nearest = nearestPath(path, resources);
  const guess =
    nearest === undefined
      ? `GET /v1 lists what there is: ${listNames(resources.map((resource) => `/v1/${resource}`))}`
      : `the nearest is ${quote(nearest)}`;
  return new WireloomError("not_found", `there is nothing at ${quote(path)}; ${guess}`);
}

function nearestPath(path: string, resources: readonly string[]): string | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const [first, second, id, last] = parts;
  // Base64 has slashes.
  if (first === "v1" && second === "conversations" && parts.length > 4 && resources.includes(parts.at(-1)!))
    return `/v1/${second}/${encodeURIComponent(parts.slice(2, -1).join("/"))}/${parts.at(-1)}`;
  if (first === "v1" && parts.length === 4 && resources.includes(second!)) {
    const resource = nearestName(last!, resources);
    return resource === undefined ? undefined : `/v1/${second}/${id}/${resource}`;
  }
  const rest = first === "v1" ? second : first;
  const named = parts.map((part) => part.toLowerCase()).find((part) => resources.includes(part));
  const resource = named ?? (rest === undefined ? undefined : nearestName(rest, resources));
  if (resource !== undefined) return `/v1/${resource}`;
  return nearestName(path, ["/healthz", "/openapi.json"]);
}
