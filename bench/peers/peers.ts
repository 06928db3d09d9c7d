import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const GOPACKET_SOURCE = fileURLToPath(new URL("gopacket/", import.meta.url));
const WIRELOOM = fileURLToPath(new URL("../../dist/runtime/cli/wireloom.js", import.meta.url));

/** A program that a benchmark runs, and what to call it. */
export interface Contestant {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** `wireloom decode` of a file with some plugins, its rows thrown away. */
export function wireloomDecode(file: string, protocols: string): Contestant {
  const args = [WIRELOOM, "decode", file, "--protocol", protocols, "--format", "none", "--quiet"];
  return { name: "wireloom", command: process.execPath, args };
}

/**
 * Builds the gopacket program with Debian's Go and libraries into `folder`; undefined where they are not installed.
 */
export function buildGopacketPeer(folder: string): string | undefined {
  const program = join(folder, "gopacket-peer");
  const { status } = spawnSync("go", ["build", "-o", program, "."], {
    cwd: GOPACKET_SOURCE,
    env: { ...process.env, GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOFLAGS: "", GOCACHE: join(folder, "go") },
    stdio: "ignore",
  });
  return status === 0 ? program : undefined;
}

/** The gopacket program in one of its modes, as a contestant; none where it is not built. */
export function gopacket(program: string | undefined, mode: string, file: string): Contestant[] {
  return program === undefined ? [] : [{ name: `gopacket ${mode}`, command: program, args: [mode, file] }];
}

/** True when a command can be run here. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** Runs a contestant, its output thrown away, and returns its seconds. */
export function secondsOf({ command, args }: Contestant): number {
  const start = performance.now();
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    maxBuffer: 1 << 28,
  });
  if (error !== undefined || status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.toString()}`);
  return (performance.now() - start) / 1000;
}
