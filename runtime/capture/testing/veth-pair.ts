import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";

/** Why real interfaces are not available, empty if they are; for the names of skipped tests. */
export function reasonWithoutVeth(): string {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  if (spawnSync("ip", ["netns", "list"]).status !== 0) return "needs iproute2";
  return spawnSync("tcpreplay", ["--version"]).status === 0 ? "" : "needs tcpreplay";
}

/**
 * A pair of virtual Ethernet interfaces for tests and benchmarks: {@link name} on this host, the other end in a separate network namespace,
 * from which captures are replayed. Neither end has an address, so only the replayed packets are seen.
 */
export class VethPair {
  readonly name: string;
  readonly namespace: string;

  /** `label` distinguishes pairs of one process, in at most 4 characters. */
  constructor(label: string) {
    this.name = `wl${process.pid}${label}`;
    this.namespace = `wireloom-${process.pid}-${label}`;
    run("ip", "netns", "add", this.namespace);
    run("ip", "link", "add", this.name, "type", "veth", "peer", "name", "peer", "netns", this.namespace);
    writeFileSync(`/proc/sys/net/ipv6/conf/${this.name}/disable_ipv6`, "1");
    this.#runInside("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
    run("ip", "link", "set", this.name, "up");
    this.#runInside("ip", "link", "set", "peer", "up");
  }

  /** Replays a capture file into the pair; returns the output of tcpreplay. */
  async replay(path: string, ...options: string[]): Promise<string> {
    const command = ["netns", "exec", this.namespace, "tcpreplay", "-q", "-i", "peer", ...options, path];
    const { stdout } = await promisify(execFile)("ip", command);
    return stdout;
  }

  #runInside(...command: string[]): void {
    run("ip", "netns", "exec", this.namespace, ...command);
  }

  takeDown(): void {
    run("ip", "link", "set", this.name, "down");
  }

  bringUp(): void {
    run("ip", "link", "set", this.name, "up");
  }

  remove(): void {
    run("ip", "link", "del", this.name);
    run("ip", "netns", "del", this.namespace);
  }
}

function run(command: string, ...parameters: string[]): void {
  const { status, stderr } = spawnSync(command, parameters, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${parameters.join(" ")} failed: ${stderr}`);
}
