import { existsSync, readFileSync } from "node:fs";

/** The version of this package. */
export function packageVersion(): string {
  try {
    return (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
  } catch {
    return "0.0.0";
  }
}

/** The URL of a file of this package. From the source and from dist/ alike its root is the nearest folder above with a package.json. */
export function packageFile(path: string): URL {
  const roots = ["../../", "../../../"].map((root) => new URL(root, import.meta.url));
  return new URL(path, roots.find((root) => existsSync(new URL("package.json", root))) ?? roots[0]);
}
