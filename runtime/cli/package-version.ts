import { readFileSync } from "node:fs";

/** The version of this package. */
export function packageVersion(): string {
  // From the source and from dist/ alike the package is the nearest package.json above.
  for (const path of ["../../package.json", "../../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { version: string }).version;
    } catch {
      // Not there: the other one is.
    }
  }
  return "0.0.0";
}
