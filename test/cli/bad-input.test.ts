import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildPcap } from "../../runtime/capture/testing/build-capture.js";
import { expectLine } from "./expect-line.js";
import { runWireloom, startWireloom } from "./run-wireloom.js";

const CAPTURE = fileURLToPath(new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wireloom-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of the test folder. */
function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it("a capture that is missing, empty or none is reported in one line, and the next file is still read", async () => {
  const result = await runWireloom([
    "decode",
    join(folder, "missing.pcap"),
    file("empty.pcap", ""),
    file("letter.txt", "dear reader, this is not a capture"),
    folder,
    CAPTURE,
    "--protocol",
    "dns",
  ]);
  expectLine(result, 1, /^wireloom: .*missing\.pcap.*$/m);
  expect(result.stderr).toMatch(/^wireloom: .*empty\.pcap.*$/m);
  expect(result.stderr).toMatch(/^wireloom: .*letter\.txt.*$/m);
  expect(result.stdout.trim().split("\n").length).toBeGreaterThan(20);
  const nothing = await runWireloom(["decode", join(folder, "missing.pcap")]);
  expect(nothing.stderr).toMatch(/^wireloom: there is no capture file [^\n]*\n$/);
});

it("a capture cut in mid-packet gives every row before the cut and exit code 1", async () => {
  const whole = readFileSync(CAPTURE);
  const complete = await runWireloom(["decode", CAPTURE, "--protocol", "flow", "-q"]);
  const cut = await runWireloom([
    "decode",
    file("cut.pcap", whole.subarray(0, whole.length - 7)),
    "--protocol",
    "flow",
  ]);
  expectLine(cut, 1, /^wireloom: .*cut\.pcap.*packet.*$/m);
  expect(complete.code).toBe(0);
  expect(cut.stdout.trim().split("\n").length).toBeGreaterThanOrEqual(complete.stdout.trim().split("\n").length - 1);
});

it.skipIf(process.platform !== "linux")("a file that the system cannot read is reported in one line", async () => {
  const line = /^wireloom: \/proc\/self\/mem cannot be read \(EIO\); check the disk that holds it\n$/;
  expectLine(await runWireloom(["decode", "/proc/self/mem"]), 1, line);
  const agent = await runWireloom(["agent", "--collector", "http://127.0.0.1:1", "--read", "/proc/self/mem"]);
  expect(agent.stderr).toMatch(/\/proc\/self\/mem cannot be read \(EIO\); check the disk that holds it\n/);
  expect(agent.code).toBe(1);
});

it("a packet filter that is not valid is reported once, whatever the files", async () => {
  const files = [CAPTURE, join(folder, "missing.pcap"), CAPTURE];
  const line = /^wireloom: the filter "udp prot 53" is not valid: [^\n]*\n$/;
  expectLine(await runWireloom(["decode", ...files, "--bpf", "udp prot 53"]), 2, line);
  const agent = ["agent", "--collector", "http://127.0.0.1:1", "--read", ...files];
  expectLine(await runWireloom([...agent, "--bpf", "udp prot 53"]), 2, line);
});

it("a packet filter that does not fit a file's link type leaves that file out", async () => {
  const wireless = buildPcap([{ bytes: Buffer.alloc(60), seconds: 1 }], { linkType: 105 });
  const files = [file("wireless.pcap", wireless), CAPTURE];
  const one = await runWireloom(["decode", ...files, "-p", "dns", "-q", "--bpf", "type mgt subtype beacon"]);
  expectLine(
    one,
    1,
    /^wireloom: \S+record-types\.pcap: the filter "type mgt subtype beacon" is not valid: 802\.11[^\n]*\n$/,
  );
  expect(one.stdout).toBe("");
});

it("standard input, an unknown option, protocol and filter", async () => {
  const piped = await runWireloom(["decode", "-", "-p", "dns", "--format", "csv"], { input: readFileSync(CAPTURE) });
  expect(piped.code).toBe(0);
  expect(piped.stdout).toMatch(/^id,time,agent_id/);
  expectLine(await runWireloom(["decode", CAPTURE, "--protcol", "dns"]), 2, /unknown option/);
  expectLine(await runWireloom(["decode", CAPTURE, "-p", "dsn"]), 2, /no protocol "dsn"; did you mean dns/);
  expectLine(await runWireloom(["decode", CAPTURE, "-F", "query_nme_eq=x"]), 2, /the nearest is "query_name_eq"/);
  expectLine(await runWireloom(["decode", CAPTURE, "-F", "rcode=1"]), 2, /"rcode"; filters of rcode are rcode_eq,/);
  expectLine(
    await runWireloom(["decode", CAPTURE, "-F", "qqq=1"]),
    2,
    /"qqq"; there are filters of [^;]* and \d+ more; .*\n$/,
  );
  expectLine(await runWireloom(["decode", CAPTURE, "-F", "dst_port_eq=http"]), 2, /dst_port_eq.*"http".*0 to 65535/);
  expectLine(await runWireloom(["decode", CAPTURE, "-f", "csv"]), 2, /choose one with --protocol/);
  expectLine(await runWireloom(["decode", CAPTURE, "-f", "json"]), 2, /[Dd]id you mean ndjson/);
  expectLine(await runWireloom(["decode", CAPTURE, "--csv-safe"]), 2, /requires --format csv/);
});

it("a near name is suggested, and all names are listed if none is near", async () => {
  expectLine(await runWireloom(["decode", CAPTURE, "-p", "kubernetes"]), 2, /"kubernetes"; loaded are arp, .*tls\n$/);
  expectLine(
    await runWireloom(["decode", CAPTURE, "-p", "dns", "--fields", "query_nam"]),
    2,
    /the nearest is "query_name"/,
  );
  expectLine(
    await runWireloom(["decode", CAPTURE, "-p", "dns", "--fields", "q"]),
    2,
    /no field "q"; there are state, latency, rcode, query_name, .* and \d+ more/,
  );
  expectLine(
    await runWireloom(["decode", CAPTURE, "-p", "dns,flow", "--fields", "query_name"]),
    2,
    /flow has no field "query_name"; of the protocols chosen only dns has it/,
  );
  expectLine(
    await runWireloom(["decode", CAPTURE, "--set", "flow.active=5"]),
    2,
    /no plugin has an option "flow\.active"/,
  );
});

it.each([
  ["-p http -F query_name_eq=x", 'http has no filter "query_name_eq"; dns has it, which --protocol does not name'],
  ["-p http,dns -F query_name_neq=x", 'http has no filter "query_name_neq"; of the protocols chosen only dns has it'],
  ["-F query_name_eq=x -F method_eq=GET", "no protocol has all of the filters query_name_eq (dns), method_eq (http)"],
  ["-p http --fields query_name", 'http has no field "query_name"; dns has it, which --protocol does not name'],
  ["--fields query_name,method", "no protocol has all of the fields query_name (dns), method (http)"],
  ["--fields query_name -F method_eq=GET", "has the filters has all of the fields query_name (dns)"],
  [
    "--fields query_nam",
    'no protocol has a field "query_nam"; the nearest is "query_name"; wireloom plugins <protocol> shows all fields',
  ],
  [
    "-p dns --fields query_nam",
    'dns has no field "query_nam"; the nearest is "query_name"; wireloom plugins dns shows all fields',
  ],
  ["--sort query_name", 'not every protocol printed has the field "query_name", only dns has it'],
  ["--sort query_nam", 'no protocol printed has a field "query_nam"; the nearest is "query_name"'],
])("a name of another protocol is reported with that protocol: %s", async (options, message) => {
  const { code, stderr } = await runWireloom(["decode", CAPTURE, ...options.split(" ")]);
  expect(stderr).toContain(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(code).toBe(2);
});

it("a packet filter for rows and a row filter for packets name the other option, in every command", async () => {
  const agent = ["agent", "--read", CAPTURE, "--collector", "http://127.0.0.1:1"];
  const up = ["up", "--read", CAPTURE, "--store", "duckdb::memory:", "--listen", "127.0.0.1:0"];
  for (const command of [["decode", CAPTURE], agent, up]) {
    expectLine(
      await runWireloom([...command, "--filter", "udp port 53"]),
      2,
      /"udp port 53" is not of the form name=value.*--bpf "udp port 53"/,
    );
    expectLine(
      await runWireloom([...command, "--bpf", "dst_port_eq=53"]),
      2,
      /"dst_port_eq=53" is not a pcap-filter.*--filter dst_port_eq=53/,
    );
    expectLine(await runWireloom([...command, "--filter", "tcp[13]=2"]), 2, /--bpf "tcp\[13\]=2"/);
  }
});

it("a protocol without its option is not read as a file, nor ignored silently", async () => {
  expectLine(
    await runWireloom(["decode", CAPTURE, "-p", "dns", "ntp"]),
    2,
    /ntp is a protocol; name it with --protocol dns,ntp/,
  );
  const agent = ["agent", "-c", "http://127.0.0.1:1", "-r", CAPTURE];
  expectLine(await runWireloom([...agent, "-p", "dns", "NTP"]), 2, /"NTP" stands alone.*--protocol \w+,ntp/);
  expectLine(await runWireloom(["limits", "all"]), 2, /"all" stands alone/);
});

it("invalid values of limits and options are refused", async () => {
  for (const [option, value, says] of [
    ["--limit", "linger_ms=", /limit linger_ms must be a whole number from 0/],
    ["--limit", "linger_ms=0x10", /limit linger_ms must be a whole number from 0/],
    [
      "--set",
      "flow.active_timeout=0",
      /flow\.active_timeout must be a number of seconds above 0, up to 86400, not "0"/,
    ],
    ["--redact", "src_address", /--redact "src_address" is not of the form field=action, such as src_address=prefix/],
    [
      "--redact",
      "src_address=scramble",
      /--redact "src_address=scramble": "scramble" is not an action; actions are keep, drop/,
    ],
    ["--redact", "dns.rcode=hash", /dns\.rcode is enum, for which hash is not possible/],
    ["--redact-key", "/dev/zero", /--redact-key: \/dev\/zero has more than 65536 bytes, 16 to 65536 are expected/],
    ["--redact", "src_adress=drop", /--redact: there is no field "src_adress"; the nearest is "src_address"/],
    ["--redact", "http.host=hash", /--redact with hash requires --redact-key <file>/],
    ["--redact", "dns.rcode=mask", /dns\.rcode is enum, for which mask is not possible; choose keep, drop/],
    ["--set", "http.request_headers=a b", /http\.request_headers must be names separated by commas, not "a b"/],
  ] as const) {
    expectLine(await runWireloom(["decode", CAPTURE, "-f", "none", option, value]), 2, says);
  }
});

it("problems of a source are reported before a store is opened or a port is bound", async () => {
  const store = join(folder, "untouched.duckdb");
  const up = ["up", "--listen", "127.0.0.1:0", "--store", `duckdb:${store}`];
  const results = [
    await runWireloom([...up, "--read", join(folder, "no1.pcap"), join(folder, "no2.pcap")]),
    await runWireloom([...up, "--read", CAPTURE, "--bpf", "udp prot 53"]),
    await runWireloom([...up, "--read", CAPTURE, "-p", "dsn"]),
    await runWireloom([...up, "--interface", "any,lo"]),
    await runWireloom([...up, "--read", CAPTURE, CAPTURE, "--follow"]),
  ];
  expect(results.map(({ code }) => code)).toEqual([1, 2, 2, 2, 2]);
  expect(results[0]!.stderr.trim().split("\n").length).toBe(2);
  for (const { stderr } of results) expect(stderr).not.toMatch(/listening/);
  expect(existsSync(store)).toBe(false);
});

it("a new plugin is not named by a word of JavaScript, nor by a name that the collector or generated code has", async () => {
  expectLine(await runWireloom(["plugin", "new", "class"]), 2, /"class" is a word of JavaScript/);
  for (const name of ["agents", "conversations", "engine", "error"]) {
    expectLine(await runWireloom(["plugin", "new", name]), 2, /is a name that the collector has already/);
  }
  for (const name of ["observation", "kind", "event", "wireloom", "testing"]) {
    expectLine(await runWireloom(["plugin", "new", name]), 2, /is a name that every plugin.s code has already/);
  }
});

it("the version has an option and a command", async () => {
  const [option, command] = [await runWireloom(["--version"]), await runWireloom(["version"])];
  expect(command.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(option.stdout).toBe(command.stdout);
});

it("a filter leaves the rows that match, whatever their protocol", async () => {
  const { stdout, code } = await runWireloom([
    "decode",
    CAPTURE,
    "-q",
    "-F",
    "dst_port_eq=53",
    "-F",
    "transport_eq=UDP",
  ]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(code).toBe(0);
  expect(new Set(rows.map((row) => row["dst_port"]))).toEqual(new Set([53]));
  expect(rows.some((row) => "query_name" in row) && rows.some((row) => "end_reason" in row)).toBe(true);
});

it("a collector that is not there, and one whose address is not an address", async () => {
  const nobody = await runWireloom([
    ...["agent", "--read", CAPTURE, "--give-up", "1", "--collector", "http://127.0.0.1:1"],
  ]);
  expectLine(nobody, 1, /collector at http:\/\/127\.0\.0\.1:1 cannot be reached .*wireloom collector/);
  expectLine(await runWireloom(["agent", "--read", CAPTURE, "--collector", "localhost"]), 2, /not a collector's URL/);
  expectLine(await runWireloom(["agent", "--collector", "http://127.0.0.1:1"]), 2, /either --interface or --read/);
});

it("a port in use, a network without TLS, a store that cannot be", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const memory = ["--store", "duckdb::memory:"];
  expectLine(await runWireloom(["collector", "--listen", `127.0.0.1:${port}`, ...memory]), 1, /in use.*--listen/);
  expectLine(
    await runWireloom(["collector", "--listen", `127.0.0.1:${port}`, "--store", "oracle:x"]),
    2,
    /such as duckdb:wireloom\.duckdb/,
  );
  server.close();
  expectLine(await runWireloom(["collector", "--listen", "0.0.0.0:0", ...memory]), 2, /--tls-cert/);
  expectLine(
    await runWireloom(["collector", "--listen", "127.0.0.1:0", "--store", "duckdb:/nowhere/at/all.duckdb"]),
    1,
    /nowhere/,
  );
  expectLine(
    await runWireloom([
      "collector",
      "--listen",
      "127.0.0.1:0",
      "--store",
      `duckdb:${file("text.duckdb", "no database")}`,
    ]),
    1,
    /text\.duckdb/,
  );
  expectLine(await runWireloom(["collector", "--store", "oracle:x"]), 2, /such as duckdb:wireloom\.duckdb/);
  expectLine(await runWireloom(["collector", "--store", "x.duckdb"]), 2, /such as duckdb:x\.duckdb/);
  const notPem = ["--tls-cert", CAPTURE, "--tls-key", CAPTURE];
  expectLine(
    await runWireloom(["collector", ...memory, ...notPem]),
    1,
    /record-types\.pcap holds no certificate in PEM/,
  );
});

it("an authority for a collector without a certificate is refused, before anything is read", async () => {
  const agent = ["agent", "--read", join(folder, "missing.pcap"), "--tls-ca", join(folder, "missing.pem")];
  expectLine(
    await runWireloom([...agent, "--collector", "http://127.0.0.1:4870"]),
    2,
    /^wireloom: --tls-ca is for a collector with a certificate; write its URL as https:\/\/127\.0\.0\.1:4870\n$/,
  );
});

it("a collector that cannot listen makes no database", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const path = join(folder, "never.duckdb");
  const store = ["--store", `duckdb:${path}`];
  const attempts = [
    ["collector", "--listen", `127.0.0.1:${port}`],
    ["up", "--read", CAPTURE, "--listen", `127.0.0.1:${port}`],
    ["collector", "--listen", "0.0.0.0:0"],
    ["collector", "--listen", "127.0.0.1"],
    ["collector", "--listen", "192.0.2.1:0", "--insecure"],
  ];
  for (const attempt of attempts) {
    const { code, stderr } = await runWireloom([...attempt, ...store]);
    expect(stderr).toMatch(/^wireloom: [^\n]*\n$/);
    expect(code).toBeGreaterThan(0);
    expect(existsSync(path)).toBe(false);
  }
  server.close();
});

it("a store that is open in another process is reported, with a remedy", async () => {
  const store = `duckdb:${join(folder, "held.duckdb")}`;
  const holder = startWireloom(["collector", "--listen", "127.0.0.1:0", "--store", store]);
  await holder.says(/listening on/);
  expectLine(await runWireloom(["collector", "--listen", "127.0.0.1:0", "--store", store]), 1, /held\.duckdb/);
  holder.process.kill("SIGTERM");
  expect((await holder.finished).code).toBe(0);
});

it.skipIf(process.platform !== "linux")("a missing interface is reported with the existing ones", async () => {
  const result = await runWireloom([
    "up",
    "--interface",
    "nosuch0",
    "--listen",
    "127.0.0.1:0",
    "--store",
    "duckdb::memory:",
  ]);
  expectLine(result, 1, /nosuch0.*lo/);
  expect(result.stderr).not.toMatch(/listening/);
});
