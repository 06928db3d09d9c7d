import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reasonWithoutVeth, VethPair } from "../../runtime/capture/testing/veth-pair.js";
import { runWireloom, startWireloom } from "./run-wireloom.js";

const CAPTURE = new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url);
const UID = 65534;
const isRoot = process.platform === "linux" && process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), "wireloom-user-"));

beforeAll(() => chmodSync(folder, 0o777));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The four user ids and the groups of a process (proc(5), status). */
function identity(pid: number): { uids: number[]; groups: number[] } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const numbers = (name: string) =>
    new RegExp(`^${name}:\\s*(.*)$`, "m")
      .exec(status)![1]!
      .trim()
      .split(/\s+/)
      .filter((text) => text !== "")
      .map(Number);
  return { uids: numbers("Uid"), groups: numbers("Groups") };
}

describe.skipIf(!isRoot)(`--user${isRoot ? "" : " (needs Linux and root)"}`, () => {
  it("leaves the collector no way back to root, and its database usable, over a restart too", async () => {
    const store = `duckdb:${join(folder, "rows.duckdb")}`;
    for (let run = 1; run <= 2; run++) {
      const collector = startWireloom(["collector", "--user", "nobody", "--listen", "127.0.0.1:0", "--store", store]);
      const url = (await collector.says(/listening on (http:\S+),/))[1]!;
      const { uids, groups } = identity(collector.process.pid!);
      expect(uids).toEqual([UID, UID, UID, UID]);
      expect(groups).not.toContain(0);
      const agent = await runWireloom([
        ...["agent", "--read", CAPTURE.pathname, "--collector", url, "--id", `run-${run}`, "--user", "nobody"],
      ]);
      expect(agent.code, agent.stderr).toBe(0);
      collector.process.kill("SIGTERM");
      expect((await collector.finished).code).toBe(0);
      expect(statSync(join(folder, "rows.duckdb")).uid).toBe(UID);
    }
  });

  it("holds for `up`, which opens its first file as root", async () => {
    const copy = join(folder, "private.pcap");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(copy, readFileSync(CAPTURE), { mode: 0o600 });
    const up = startWireloom([
      ...["up", "--read", copy, "--user", "nobody:nogroup", "--listen", "127.0.0.1:0", "--store", "duckdb::memory:"],
    ]);
    await up.says(/Ctrl-C ends it/);
    expect(identity(up.process.pid!).uids).toEqual([UID, UID, UID, UID]);
    up.process.kill("SIGTERM");
    const { code, stderr } = await up.finished;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^dns: \d+ rows/m);
  });

  it.skipIf(reasonWithoutVeth() !== "").each([
    ["one interface", ["us"]],
    ["several, whose filter follows them", ["us", "ut"]],
  ])("captures on an interface that is deleted and made again, of %s", async (_, labels) => {
    const pairs = labels.map((label) => new VethPair(label));
    const names = pairs.map(({ name }) => name);
    const up = startWireloom([
      ...["up", "--interface", names.join(","), "--user", "nobody"],
      ...["--listen", "127.0.0.1:0", "--store", "duckdb::memory:"],
    ]);
    const url = (await up.says(/listening on (http:\S+),/))[1]!;
    await expect.poll(() => identity(up.process.pid!).uids).toEqual([UID, UID, UID, UID]);
    const [name] = names;
    pairs[0]!.remove();
    await up.says(new RegExp(`interface ${name} (is down|does not exist), waiting for it`));
    pairs[0] = new VethPair(labels[0]!);
    await up.says(new RegExp(`interface ${name} is up, capturing on it`));
    await pairs[0].replay(CAPTURE.pathname, "--topspeed");
    const interfaces = async () => {
      const page = (await (await fetch(`${url}/v1/dns?fields=interface`)).json()) as { data: { interface: string }[] };
      return [...new Set(page.data.map((row) => row.interface))];
    };
    await expect.poll(interfaces).toEqual([name]);
    up.process.kill("SIGTERM");
    const { code, stderr } = await up.finished;
    expect(code, stderr).toBe(0);
    for (const pair of pairs) pair.remove();
  });

  it("is refused in one line where root has not the capabilities to change its user", async () => {
    const args = ["collector", "--listen", "127.0.0.1:0", "--store", "duckdb::memory:", "--user", "nobody"];
    for (const capability of ["setuid", "setgid"]) {
      const wrapper = ["setpriv", "--bounding-set", `-${capability}`, "--inh-caps", `-${capability}`];
      const { code, stderr } = await runWireloom(args, { wrapper });
      expect(`${code} ${stderr}`).toBe(
        "1 wireloom: --user nobody: root may not become another user here (EPERM); " +
          "give the process CAP_SETUID and CAP_SETGID\n",
      );
    }
  });

  it("is refused for users and groups that do not exist, and for a database that the user cannot write", async () => {
    const memory = ["--listen", "127.0.0.1:0", "--store", "duckdb::memory:"];
    const line = async (user: string, args = memory) => {
      const { code, stderr } = await runWireloom(["collector", "--user", user, ...args]);
      return `${code} ${stderr}`;
    };
    expect(await line("nosuchuser")).toBe(
      "2 wireloom: --user nosuchuser: the user does not exist; give a user of this system\n",
    );
    expect(await line("nobody:nosuchgroup")).toBe(
      "2 wireloom: --user nobody:nosuchgroup: group nosuchgroup does not exist; give a group of this system\n",
    );
    // An id that no system gives to a user, and one that is too large.
    for (const id of ["3999999999", "99999999999"]) {
      expect(await line(id)).toBe(`2 wireloom: --user ${id}: the user does not exist; give a user of this system\n`);
    }
    expect(await line("3999999999:nogroup")).toMatch(/^2 wireloom: --user 3999999999: the user does not exist/);
    expect(await line("nobody:99999999999")).toMatch(/^2 wireloom: .*: group 99999999999 does not exist; /);
    expect(await line("root")).toMatch(/^2 wireloom: --user root is root itself/);
    chmodSync(folder, 0o755);
    const store = `duckdb:${join(folder, "other.duckdb")}`;
    expect(await line("nobody", ["--listen", "127.0.0.1:0", "--store", store])).toMatch(
      /^1 wireloom: .*other\.duckdb cannot be written; give a path that this user may write to\n$/,
    );
    chmodSync(folder, 0o777);
  });
});
