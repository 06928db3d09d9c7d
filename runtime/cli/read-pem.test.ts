import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInvalidity, readCertificates, readKeyPair } from "./read-pem.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-pem-"));
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  for (const name of ["one", "two"]) {
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"],
      ...["-subj", `/CN=${name}`, "-keyout", path(`${name}.key`), "-out", path(`${name}.pem`)],
    ]);
    expect(made.status).toBe(0);
  }
  spawnSync("openssl", ["ec", "-aes256", "-passout", "pass:x", "-in", path("one.key"), "-out", path("locked.key")]);
  spawnSync("openssl", ["x509", "-in", path("one.pem"), "-outform", "der", "-out", path("one.der")]);
  writeFileSync(path("letter"), "dear reader");
  writeFileSync(path("broken.pem"), readFileSync(path("one.pem"), "utf8").replace(/\n[A-Za-z0-9+/]{20}/, "\nAAAA"));
  const one = readFileSync(path("one.pem"), "utf8");
  writeFileSync(path("unended.pem"), one + one.replace(/-----END.*/s, ""));
  // Signed with SHA-1 by another certificate; self-signed certificates are not checked.
  spawnSync("openssl", ["req", "-new", "-key", path("one.key"), "-subj", "/CN=weak", "-out", path("weak.csr")]);
  spawnSync("openssl", [
    ...["x509", "-req", "-sha1", "-days", "1", "-in", path("weak.csr"), "-out", path("weak.pem")],
    ...["-CA", path("two.pem"), "-CAkey", path("two.key"), "-set_serial", "7"],
  ]);
  writeFileSync(path("chain.pem"), readFileSync(path("one.pem"), "utf8") + readFileSync(path("two.pem"), "utf8"));
});

it("a certificate, a chain, and a key with its certificate are read unchanged", async () => {
  expect(await readCertificates(path("chain.pem"))).toBe(readFileSync(path("chain.pem"), "utf8"));
  const pair = await readKeyPair(path("one.pem"), path("one.key"));
  expect(pair).toEqual({ cert: readFileSync(path("one.pem"), "utf8"), key: readFileSync(path("one.key"), "utf8") });
});

it("a certificate's time is compared with the clock, of every one of a chain", async () => {
  const chain = await readCertificates(path("chain.pem"));
  const day = 86_400_000;
  const after = (days: number) => describeInvalidity(chain, new Date(Date.now() + days * day));
  expect(after(0.5)).toBeUndefined();
  expect(after(2)).toMatch(/^the certificate of CN=one expired on \d{4}-\d\d-\d\d; .*renew it/);
  expect(after(-1)).toMatch(/^the certificate of CN=one is not valid before \d{4}-\d\d-\d\d; .*clock$/);
});

it.skipIf(process.platform !== "linux")("an existing file that cannot be read is not reported as missing", async () => {
  // Address 0 of a process's memory: read(2) fails with EIO, as with a broken disk.
  await expect(readCertificates("/proc/self/mem")).rejects.toMatchObject({
    code: "unavailable",
    message: "/proc/self/mem cannot be read (EIO); check the disk that holds it",
  });
});

it.each([
  ["letter", "one.key", "invalid_argument", /letter holds no certificate in PEM/],
  ["one.der", "one.key", "invalid_argument", /one\.der holds no certificate in PEM/],
  ["one.key", "one.key", "invalid_argument", /one\.key holds a private key, not a certificate/],
  ["broken.pem", "one.key", "invalid_argument", /broken\.pem holds a certificate that cannot be read/],
  ["unended.pem", "one.key", "invalid_argument", /unended\.pem holds a certificate that cannot be read/],
  ["one.pem", "letter", "invalid_argument", /letter holds no private key in PEM/],
  ["one.pem", "one.pem", "invalid_argument", /one\.pem holds no private key in PEM/],
  ["one.pem", "locked.key", "invalid_argument", /locked\.key holds a private key with a passphrase/],
  ["one.pem", "two.key", "invalid_argument", /two\.key is not that of the certificate in .*one\.pem/],
  ["weak.pem", "one.key", "invalid_argument", /weak\.pem cannot be used \(ca md too weak\); request a new one$/],
  ["none", "one.key", "not_found", /none cannot be read \(ENOENT\); check the path$/],
  ["one.pem/none", "one.key", "not_found", /one\.pem\/none cannot be read \(ENOTDIR\); check the path$/],
  [".", "one.key", "invalid_argument", /cannot be read \(EISDIR\); it is a directory; name a file in it$/],
])("%s with %s is refused in one line", async (certificate, key, code, message) => {
  await expect(readKeyPair(path(certificate), path(key))).rejects.toMatchObject({
    name: "WireloomError",
    code,
    message: expect.stringMatching(message),
  });
});

it("a file without an end is refused", async () => {
  await expect(readCertificates("/dev/zero")).rejects.toThrow("/dev/zero has more than 4 MiB");
});
