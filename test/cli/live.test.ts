import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, expect, it } from "vitest";
import { BUILT_COMMAND } from "./built-command.js";

const CLIENT = `wireloom-live-${process.pid}-a`;
const SERVER = `wireloom-live-${process.pid}-b`;

const run = promisify(execFile);
const started: ChildProcess[] = [];

/** Why two hosts with a DNS server cannot be had here; empty if they can. */
function reasonWithoutHosts(): string {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  for (const [command, option] of [
    ["ip", "-V"],
    ["dnsmasq", "--version"],
    ["dig", "-v"],
    ["curl", "--version"],
  ] as const) {
    if (spawnSync(command, [option]).status !== 0) return `needs ${command}`;
  }
  return spawnSync("ip", ["netns", "list"]).status === 0 ? "" : "needs network namespaces";
}

const reason = reasonWithoutHosts();

function startIn(namespace: string, ...command: string[]): ChildProcess {
  const child = spawn("ip", ["netns", "exec", namespace, ...command], { stdio: ["ignore", "ignore", "pipe"] });
  started.push(child);
  return child;
}

/** Two hosts, each a network namespace, at either end of a veth pair. */
async function makeHosts(): Promise<void> {
  for (const namespace of [CLIENT, SERVER]) {
    await run("ip", ["netns", "add", namespace]);
    await run("ip", ["-n", namespace, "link", "set", "lo", "up"]);
  }
  await run("ip", ["link", "add", "eth0", "netns", CLIENT, "type", "veth", "peer", "name", "eth0", "netns", SERVER]);
  for (const [namespace, address] of [
    [CLIENT, "198.18.0.1/24"],
    [SERVER, "198.18.0.2/24"],
  ] as const) {
    await run("ip", ["-n", namespace, "address", "add", address, "dev", "eth0"]);
    await run("ip", ["-n", namespace, "link", "set", "eth0", "up"]);
  }
}

afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  for (const namespace of [CLIENT, SERVER]) await run("ip", ["netns", "del", namespace]).catch(() => {});
});

it.skipIf(reason !== "")(
  `a query to a real server, captured live, is in the answer of REST${reason === "" ? "" : ` (${reason})`}`,
  async () => {
    await makeHosts();
    startIn(
      SERVER,
      "dnsmasq",
      "--no-daemon",
      "--no-resolv",
      "--no-hosts",
      "--listen-address=198.18.0.2",
      "--bind-interfaces",
      "--address=/live.example/192.0.2.77",
      "--pid-file=",
    );
    const up = startIn(
      CLIENT,
      process.execPath,
      BUILT_COMMAND,
      "up",
      "--interface",
      "eth0",
      "--store",
      "duckdb::memory:",
    );
    await new Promise<void>((resolve, reject) => {
      up.stderr!.on("data", (text: Buffer) => text.toString().includes("Ctrl-C") && resolve());
      up.once("close", (code) => reject(new Error(`wireloom up ended with ${code}`)));
    });
    const { stdout } = await run("ip", ["netns", "exec", CLIENT, "dig", "+short", "@198.18.0.2", "www.live.example"]);
    expect(stdout.trim()).toBe("192.0.2.77");
    let rows: Record<string, unknown>[] = [];
    while (rows.length === 0) {
      const url = "http://127.0.0.1:4870/v1/dns?query_name_eq=www.live.example";
      const answer = await run("ip", ["netns", "exec", CLIENT, "curl", "-s", url]);
      rows = (JSON.parse(answer.stdout) as { data: Record<string, unknown>[] }).data;
    }
    expect(rows).toMatchObject([
      { state: "COMPLETE", src_address: "198.18.0.1", dst_address: "198.18.0.2", answer_data: ["192.0.2.77"] },
    ]);

    up.removeAllListeners("close");
    const closed = new Promise((resolve) => up.once("close", resolve));
    // `ip netns exec` becomes the command it runs, so the signal reaches wireloom.
    up.kill("SIGINT");
    expect(await closed).toBe(0);
  },
);
