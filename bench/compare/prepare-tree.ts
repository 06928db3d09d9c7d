import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A commit laid out in a folder of its own, built, with this version's benchmarks beside its own. */
export interface PreparedTree {
  readonly path: string;
  readonly commit: string;
  /** Deletes it. */
  remove(): void;
}

/** Folder of the commit's own benchmarks. */
export const OWN_BENCHMARKS = "bench-own";

/**
 * Lays out `revision` of the repository at `root`: its files, the packages of this tree where its lock file is the same (else its own,
 * by `npm ci`), this tree's `bench/`, and the built `dist/`. Throws where one of these fails.
 */
export function prepareTree(root: string, revision: string): PreparedTree {
  const { stdout, status } = spawnSync("git", ["rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${revision} is not a commit of this repository`);
  const commit = stdout.trim();
  const path = mkdtempSync(join(tmpdir(), "wireloom-compare-"));
  const remove = () => rmSync(path, { recursive: true, force: true });
  try {
    layOut(root, commit, path);
    install(root, path);
    renameSync(join(path, "bench"), join(path, OWN_BENCHMARKS));
    cpSync(join(root, "bench"), join(path, "bench"), { recursive: true });
    run("npx", ["tsc", "-p", "tsconfig.build.json"], path);
    // Older commits are not bundled.
    const bundle = join(path, "scripts", "bundle.mjs");
    if (existsSync(bundle)) run(process.execPath, [bundle], path);
  } catch (error) {
    remove();
    throw error;
  }
  return { path, commit, remove };
}

function layOut(root: string, commit: string, path: string): void {
  const archive = join(path, "tree.tar");
  run("git", ["archive", "--format=tar", `--output=${archive}`, commit], root);
  run("tar", ["-xf", archive], path);
  rmSync(archive);
  mkdirSync(join(path, "bench"), { recursive: true });
}

function install(root: string, path: string): void {
  const lock = "package-lock.json";
  const isSame = readFileSync(join(root, lock), "utf8") === readFileSync(join(path, lock), "utf8");
  if (isSame && existsSync(join(root, "node_modules"))) {
    symlinkSync(join(root, "node_modules"), join(path, "node_modules"));
  } else run("npm", ["ci", "--no-audit", "--no-fund"], path);
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? `${stdout}${stderr}`.trim().slice(-2000)}`);
}
