import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { buildPcap, PcapngBuilder } from "../../runtime/capture/testing/build-capture.js";
import { udpFrame } from "../../runtime/plugin/testing/udp-frame.js";
import { runWireloom, startWireloom } from "./run-wireloom.js";

const CAPTURE = fileURLToPath(new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url));
const WEB = fileURLToPath(new URL("../../plugins/flow/captures/web.pcap", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wireloom-decode-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = Record<string, unknown>;

async function decode(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runWireloom(["decode", "-q", ...args]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

async function rowsOf(...args: string[]): Promise<Row[]> {
  const lines = (await decode(...args)).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
}

it("each row of NDJSON says first which protocol it is of, and is otherwise the same as alone", async () => {
  const all = await rowsOf(CAPTURE);
  expect(all.every((row) => Object.keys(row)[0] === "protocol")).toBe(true);
  expect(new Set(all.map(({ protocol }) => protocol))).toEqual(new Set(["dns", "flow", "icmp"]));
  const values = ({ id: _, ...row }: Row) => row;
  const alone = await rowsOf(CAPTURE, "-p", "DNS");
  expect(alone.map(values)).toEqual(all.filter(({ protocol }) => protocol === "dns").map(values));
});

it("fields are printed in the order asked for, whatever their case; protocols without one of them are omitted", async () => {
  const whole = await rowsOf(CAPTURE, "-p", "dns");
  const some = await rowsOf(CAPTURE, "--fields", "query_name,TIME", "--fields", "rcode");
  expect(some.map((row) => Object.keys(row))).toEqual(some.map(() => ["protocol", "query_name", "time", "rcode"]));
  expect(some).toEqual(whole.map(({ protocol, query_name, time, rcode }) => ({ protocol, query_name, time, rcode })));
  const last = await rowsOf(CAPTURE, "--fields", "time,protocol", "-c", "1");
  expect(Object.keys(last[0]!)).toEqual(["time", "protocol"]);
  const csv = await decode(CAPTURE, "-p", "dns", "-f", "csv", "--fields", "rcode,query_name", "-c", "1");
  expect(csv).toBe("rcode,query_name\nNOERROR,www.wireloom.example\n");
});

it("a count stops after that many rows, which passed the filter", async () => {
  const all = await rowsOf(CAPTURE, "-p", "dns", "-F", "QUERY_TYPE_EQ=txt");
  expect(all.length).toBeGreaterThan(1);
  expect(await rowsOf(CAPTURE, "-p", "dns", "-F", "query_type_eq=TXT", "-c", "1")).toEqual(all.slice(0, 1));
});

it("rows are put in order by a field, rows without a value last; a count takes the first of them", async () => {
  const all = await rowsOf(WEB, "-p", "flow");
  const bytes = all.map((row) => BigInt(row["src_bytes"] as number));
  const wanted = bytes.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  const sorted = await rowsOf(WEB, "-p", "flow", "--sort", "src_bytes desc,time");
  expect(sorted.map((row) => BigInt(row["src_bytes"] as number))).toEqual(wanted);
  expect(await rowsOf(WEB, "-p", "flow", "--sort", "src_bytes desc,time", "--count", "3")).toEqual(sorted.slice(0, 3));
  const latencies = (await rowsOf(CAPTURE, "-p", "icmp", "--sort", "latency")).map(({ latency }) => latency);
  const first = latencies.indexOf(null);
  expect(first).toBeGreaterThan(0);
  expect(latencies.slice(first).every((latency) => latency === null)).toBe(true);
});

it("an output file has what standard output would have; an input is never one", async () => {
  const path = join(folder, "rows.ndjson");
  expect(await decode(CAPTURE, "-p", "dns", "-o", path)).toBe("");
  expect(readFileSync(path, "utf8")).toBe(await decode(CAPTURE, "-p", "dns"));
  const input = join(folder, "input.pcap");
  writeFileSync(input, readFileSync(CAPTURE));
  for (const args of [
    [input, "-o", join(folder, ".", "input.pcap")],
    ["-", "-o", input],
  ]) {
    const { code, stderr } = await runWireloom(["decode", ...args], args[0] === "-" ? { stdin: input } : {});
    expect(stderr).toMatch(/input\.pcap is one of the captures to read/);
    expect(code).toBe(2);
  }
  expect(statSync(input).size).toBe(statSync(CAPTURE).size);
  const nowhere = await runWireloom(["decode", CAPTURE, "-o", join(folder, "no", "rows")]);
  expect(nowhere.stderr).toMatch(/^wireloom: .*rows cannot be written: its folder does not exist.*\n$/);
  expect(nowhere.code).toBe(1);
});

it("a table has a title for each protocol, fits the terminal, and is whole with --wide or if there is none", async () => {
  const narrow = await runWireloom(["decode", "-q", CAPTURE, "-f", "table"], { env: { COLUMNS: "80" } });
  const lines = narrow.stdout.trimEnd().split("\n");
  expect(lines.every((line) => [...line].length <= 80)).toBe(true);
  expect(lines.filter((line) => /^(DNS|Flow|ICMP)\b/.test(line)).length).toBe(3);
  expect(narrow.stdout).toMatch(/^00:30:47\.379281 /m);
  expect(narrow.stdout).toContain("…");
  const wide = await runWireloom(["decode", "-q", CAPTURE, "-f", "table", "--wide"], { env: { COLUMNS: "80" } });
  expect(wide.stdout).toBe(await decode(CAPTURE, "-f", "table"));
  expect(wide.stdout).not.toContain("…");
  expect(wide.stdout).toMatch(/^2026-11-24T00:30:47\.440979000Z .* mapped\.wireloom\.example/m);
});

it("a narrow table cuts texts alone: addresses, numbers and times are whole, or their columns are counted in the title", async () => {
  const rows = await rowsOf(CAPTURE, "-p", "flow");
  const wholeOf = (name: string) => new Set(rows.map((row) => String(row[name])));
  const { stdout } = await runWireloom(["decode", "-q", CAPTURE, "-p", "flow", "-f", "table"], {
    env: { COLUMNS: "80" },
  });
  const [title, heading, ...lines] = stdout.trimEnd().split("\n");
  expect(title).toMatch(/^Flow, times of 2026-11-24 \(UTC\); \d+ columns not shown, see --fields or -f ndjson$/);
  expect(heading).toMatch(/^Time +Src address +Dst address +Duration/);
  expect(lines).toHaveLength(rows.length);
  for (const line of lines) {
    const [time, source, destination, duration] = line.split(/ {2,}/);
    expect(time).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
    expect(wholeOf("src_address")).toContain(source);
    expect(wholeOf("dst_address")).toContain(destination);
    expect(wholeOf("duration")).toContain(duration);
  }
  const narrow = await runWireloom(["decode", "-q", CAPTURE, "-p", "dns", "-f", "table"], { env: { COLUMNS: "80" } });
  const names = new Set((await rowsOf(CAPTURE, "-p", "dns")).map(({ query_name }) => String(query_name)));
  const [, dnsHeading, ...dnsLines] = narrow.stdout.trimEnd().split("\n");
  const at = dnsHeading!.indexOf("Query name");
  for (const line of dnsLines) {
    const shown = line.slice(at).split(/ {2,}|…/)[0]!;
    expect([...names].some((name) => name.startsWith(shown) && shown.length >= Math.min(15, name.length))).toBe(true);
  }
  const fields = ["--fields", "src_bytes,src_address,dst_address,interface,dst_bytes"];
  const chosen = await runWireloom(["decode", "-q", CAPTURE, "-p", "flow", "-f", "table", ...fields], {
    env: { COLUMNS: "60" },
  });
  for (const line of chosen.stdout.trimEnd().split("\n").slice(2)) {
    expect(wholeOf("src_bytes")).toContain(line.split(/ +/)[0]);
  }
});

it("CSV has its heading where no row passes, too", async () => {
  const fields = ["--fields", "rcode,query_name"];
  expect(await decode(CAPTURE, "-p", "dns", "-F", "query_name_eq=nowhere.example", "-f", "csv", ...fields)).toBe(
    "rcode,query_name\n",
  );
  const heading = (await decode(CAPTURE, "-p", "dns", "-f", "csv")).split("\n")[0];
  expect(await decode(CAPTURE, "-p", "dns", "-F", "query_name_eq=nowhere.example", "-f", "csv")).toBe(`${heading}\n`);
});

it.each([
  ["rows.csv", [], "csv"],
  ["rows.CSV", [], "csv"],
  ["rows.txt", [], "table"],
  ["rows.jsonl", [], "ndjson"],
  ["rows.json", [], "ndjson"],
  ["rows", [], "ndjson"],
  ["rows.csv", ["-f", "ndjson"], "ndjson"],
] as const)("the output %s with %j is %s", async (name, options, format) => {
  const path = join(folder, name);
  await decode(CAPTURE, "-p", "dns", "-o", path, ...options);
  expect(readFileSync(path, "utf8")).toBe(await decode(CAPTURE, "-p", "dns", "-f", format));
});

it("an output whose name says CSV takes one protocol, and says so", async () => {
  const path = join(folder, "several.csv");
  const { code, stderr } = await runWireloom(["decode", CAPTURE, "-o", path]);
  expect(stderr).toMatch(/csv is one table, .* choose one with --protocol, or another form with --format\n$/);
  expect(code).toBe(2);
  expect(existsSync(path)).toBe(false);
});

it("a file that begins before the one before it ended is reported, and read after it", async () => {
  const frame = udpFrame(new Uint8Array(12), { srcPort: 40000, dstPort: 9 });
  const file = (name: string, ...seconds: number[]) => {
    const path = join(folder, name);
    writeFileSync(path, buildPcap(seconds.map((second) => ({ bytes: frame, seconds: second, fraction: 0 }))));
    return path;
  };
  const early = file("early.pcap", 1_700_000_000, 1_700_000_010);
  const late = file("late.pcap", 1_700_000_010, 1_700_000_020);
  const args = ["-p", "flow", "-f", "none"];
  expect((await runWireloom(["decode", ...args, early, late])).stderr).toMatch(/^4 packets in/);
  const { code, stderr } = await runWireloom(["decode", ...args, late, early]);
  const [line, summary] = stderr.split("\n");
  expect(line).toMatch(
    /early\.pcap begins at 2023-11-14T22:13:20\.0{9}Z, before .*late\.pcap ended \(2023-11-14T22:13:40\.0{9}Z\), .*mergecap/,
  );
  expect(summary).toMatch(/^4 packets in/);
  expect(code).toBe(0);
  expect((await runWireloom(["decode", ...args, early, early])).stderr).toMatch(
    /early\.pcap begins at .*, before .*early\.pcap ended/,
  );
  const up = startWireloom(["up", "--read", late, early, "--store", "duckdb::memory:", "--listen", "127.0.0.1:0"]);
  await up.says(/early\.pcap begins at /);
  up.process.kill("SIGTERM");
  await up.finished;
});

it("up proposes requests that the collector accepts, of tables with rows", async () => {
  const up = startWireloom(["up", "--read", CAPTURE, "--store", "duckdb::memory:", "--listen", "127.0.0.1:0"]);
  const [text] = await up.says(/^Try[\s\S]*Ctrl-C ends it/m);
  const requests = [...text.matchAll(/^ {2}curl (?:-H 'accept: ([^']*)' )?'(.*)'$/gm)];
  expect(requests).toHaveLength(3);
  for (const [, accept = "application/json", url = ""] of requests) {
    const response = await fetch(url, { headers: { accept } });
    expect(`${url} ${response.status}`).toBe(`${url} 200`);
  }
  const tables = new Set(requests.map(([, , url = ""]) => new URL(url).pathname));
  for (const path of tables) {
    const page = await (await fetch(new URL(path, requests[0]![2]))).json();
    expect(page, path).toHaveProperty("data.0");
  }
  up.process.kill("SIGTERM");
  await up.finished;
});

it("the summary says 0 packets of a capture without any", async () => {
  const path = join(folder, "none.pcap");
  writeFileSync(path, buildPcap([]));
  const { code, stderr } = await runWireloom(["decode", path]);
  expect(stderr).toMatch(/^0 packets in \d+\.\d\d s\n$/);
  expect(code).toBe(0);
});

it("a table holds nothing that steers a terminal", async () => {
  // A DNS query over UDP (RFC 1035, section 4.1) for a name with an escape sequence, and for one in UTF-8.
  const query = (label: string) => {
    const bytes = Buffer.from(label, "utf8");
    return Buffer.concat([
      Buffer.from("123401000001000000000000", "hex"),
      Buffer.from([bytes.length]),
      bytes,
      Buffer.from("0000010001", "hex"),
    ]);
  };
  const frames = [query("\u001b[31mred"), query("例え")].map((payload, i) => ({
    bytes: udpFrame(payload, { srcPort: 40000 + i, dstPort: 53 }),
  }));
  const path = join(folder, "hostile.pcap");
  writeFileSync(path, buildPcap(frames));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there.
  expect(await decode(path, "-p", "dns", "-f", "table")).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

it("cells of CSV that begin like a formula are neutralised on request", async () => {
  const payload = Buffer.from("1234010000010000000000000c3d636d647c272f4343414c430000010001", "hex");
  const path = join(folder, "formula.pcap");
  writeFileSync(path, buildPcap([{ bytes: udpFrame(payload, { srcPort: 40000, dstPort: 53 }) }]));
  const args = [path, "-p", "dns", "-f", "csv", "--fields", "query_name,src_port"];
  const plain = (await decode(...args)).split("\n")[1]!;
  expect(plain.startsWith("=cmd|")).toBe(true);
  expect((await decode(...args, "--csv-safe")).split("\n")[1]).toBe(`'${plain}`);
});

it("the summary names the protocols that had packets, counts the rows that passed, and says 1 row", async () => {
  const { stdout, stderr } = await runWireloom(["decode", CAPTURE, "-f", "none", "-F", "query_type_eq=SOA"]);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^75 packets in 0\.\d\d s\ndns: 1 of 30 rows, 60 packets accepted\n/);
  expect(stderr).not.toMatch(/^arp|a second/m);
});

it("the summary counts the rows that were printed, sorted or not", async () => {
  for (const sort of [[], ["--sort", "latency"]]) {
    const { stdout, stderr } = await runWireloom(["decode", CAPTURE, "-p", "dns", "-c", "2", ...sort]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(2);
    expect(stderr).toMatch(/^dns: 2 of \d+ rows/m);
  }
});

it("packets that a pcapng file counts as dropped are in the summary, by the last count of each interface", async () => {
  const file = new PcapngBuilder().section().interface(1).interface(1);
  const dropped = (count: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(count));
    return bytes;
  };
  // Interface statistics (draft-ietf-opsawg-pcapng, section 4.6): interface, time; isb_ifdrop is option 5, isb_osdrop 7.
  const statistics = (index: number, options: [number, Buffer][]) =>
    file.block(5, file.words(index, 0, 0), file.options(options));
  file.enhancedPacket(0, 0, 0, udpFrame(Buffer.alloc(20), { srcPort: 1, dstPort: 2 }));
  statistics(0, [[5, dropped(2)]]);
  statistics(0, [
    [5, dropped(3)],
    [7, dropped(10)],
  ]);
  statistics(1, [[7, dropped(100)]]);
  const path = join(folder, "drops.pcapng");
  writeFileSync(path, file.build());
  const { stderr } = await runWireloom(["decode", path, "-f", "none"]);
  expect(stderr).toMatch(/^1 packet in .*\n113 packets lost before decoding\n/);
  const up = startWireloom(["up", "--read", path, "--store", "duckdb::memory:", "--listen", "127.0.0.1:0"]);
  const url = (await up.says(/listening on (http:\S+),/))[1]!;
  await up.says(/113 packets lost before decoding/);
  const agents = await (await fetch(`${url}/v1/agents`)).text();
  expect(JSON.parse(agents)).toMatchObject({ data: [{ counters: { "capture.dropped": 113 } }] });
  up.process.kill("SIGTERM");
  await up.finished;
});
