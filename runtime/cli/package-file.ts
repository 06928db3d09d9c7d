import { existsSync } from "node:fs";

/** URL of a file of this package, from the source and from `dist/` alike: its root is the nearest parent folder with a package.json. */
export function packageFile(path: string): URL {
  const roots = ["../../", "../../../"].map((root) => new URL(root, import.meta.url));
  return new URL(path, roots.find((root) => existsSync(new URL("package.json", root))) ?? roots[0]);
}
