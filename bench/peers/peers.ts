import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childrenProcessorSeconds } from "../children-time.js";
import { hasPeers, reportAbsence } from "../measure.js";

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
 * Builds the gopacket program with Debian's Go and libraries into `folder`; undefined if they are not installed.
 */
export function buildGopacketPeer(folder: string): string | undefined {
  if (!hasPeers()) return undefined;
  const program = join(folder, "gopacket-peer");
  const { status } = spawnSync("go", ["build", "-o", program, "."], {
    cwd: GOPACKET_SOURCE,
    env: { ...process.env, GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOFLAGS: "", GOCACHE: join(folder, "go") },
    stdio: "ignore",
  });
  if (status === 0) return program;
  reportAbsence(
    "gopacket program",
    "it is not built: it needs Debian's golang-go, golang-github-google-gopacket-dev, golang-google-protobuf-dev, golang-golang-x-net-dev and golang-golang-x-sys-dev",
  );
  return undefined;
}

/** The gopacket program in one of its modes, as a contestant; none where it is not built. */
export function gopacket(program: string | undefined, mode: string, file: string): Contestant[] {
  return program === undefined ? [] : [{ name: `gopacket ${mode}`, command: program, args: [mode, file] }];
}

/** Whether a command can be run here. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** What a contestant's run took: on the clock, and of processors where the system reports it. */
export interface Timing {
  readonly seconds: number;
  readonly processorSeconds: number | undefined;
}

/** Runs a contestant, its output thrown away. */
export function timeOf({ command, args }: Contestant): Timing {
  const before = childrenProcessorSeconds();
  const start = performance.now();
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    maxBuffer: 1 << 28,
  });
  if (error !== undefined || status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.toString()}`);
  const seconds = (performance.now() - start) / 1000;
  const after = childrenProcessorSeconds();
  return { seconds, processorSeconds: before === undefined || after === undefined ? undefined : after - before };
}
