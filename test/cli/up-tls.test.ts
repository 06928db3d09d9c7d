import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWireloom } from "./run-wireloom.js";

const CAPTURE = fileURLToPath(new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wireloom-up-tls-"));
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
}

/** A certificate that an authority signed, for a name that is not this machine's. */
beforeAll(() => {
  openssl(
    "req",
    "-x509",
    ...NEW_KEY,
    "-days",
    "1",
    "-subj",
    "/CN=authority",
    "-keyout",
    path("ca.key"),
    "-out",
    path("ca.pem"),
  );
  openssl("req", ...NEW_KEY, "-subj", "/CN=leaf.example", "-keyout", path("leaf.key"), "-out", path("request"));
  writeFileSync(path("names"), "subjectAltName=DNS:leaf.example\n");
  const signing = ["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial", "-extfile", path("names")];
  openssl("x509", "-req", "-in", path("request"), ...signing, "-days", "1", "-out", path("leaf.pem"));
});

it("up stores rows whoever signed its certificate and for whatever name", async () => {
  const tls = ["--tls-cert", path("leaf.pem"), "--tls-key", path("leaf.key")];
  const up = startWireloom([
    ...["up", "--read", CAPTURE, "--listen", "127.0.0.1:0", "--store", "duckdb::memory:", "--id", "probe", ...tls],
  ]);
  const url = (await up.says(/listening on (https:\S+),/))[1]!;
  await up.says(/^dns: 30 rows/m);
  const answer = await new Promise<string>((resolve, reject) => {
    const options = { ca: readFileSync(path("ca.pem")), servername: "leaf.example" };
    get(`${url}/v1/dns?count=exact&page_size=1`, options, (response) => {
      response.toArray().then((chunks) => resolve(Buffer.concat(chunks).toString()), reject);
    }).on("error", reject);
  });
  expect(JSON.parse(answer)).toMatchObject({ count: 30 });
  up.process.kill("SIGINT");
  expect((await up.finished).code).toBe(0);
});
