import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { type ErrorCode, WireloomError } from "../wireloom-error.js";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;

/** Reads a file of certificates in PEM, each of which is one. Throws `not_found`, `permission_denied`, `unavailable` and `invalid_argument`. */
export async function readCertificates(path: string): Promise<string> {
  const text = await readText(path);
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) {
    const isKey = KEY.test(text);
    throw notPem(path, isKey ? "holds a private key, not a certificate" : "holds no certificate in PEM");
  }
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw notPem(path, "holds a certificate that cannot be read", cause);
    }
  }
  return text;
}

/** Reads a certificate chain and its private key, in PEM. Throws as {@link readCertificates} does, also when the two do not belong together. */
export async function readKeyPair(certPath: string, keyPath: string): Promise<{ cert: string; key: string }> {
  const cert = await readCertificates(certPath);
  const key = await readKey(keyPath);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new WireloomError(
      "invalid_argument",
      `the key in ${keyPath} is not that of the certificate in ${certPath}; give the two that were made together`,
      { cause },
    );
  }
  return { cert, key };
}

/** What keeps clients from accepting a certificate now, such as `it ended on 2026-01-31`; undefined where its time is right. */
export function describeValidity(certificates: string, now: Date): string | undefined {
  // The first is the server's own, those that follow vouch for it (RFC 8446, section 4.4.2).
  for (const block of certificates.match(CERTIFICATE) ?? []) {
    const { validFrom, validTo, subject } = new X509Certificate(block);
    const whose = subject === undefined ? "" : ` of ${subject.replaceAll("\n", ", ")}`;
    if (new Date(validTo) < now) return `the certificate${whose} expired on ${dayOf(validTo)}`;
    if (new Date(validFrom) > now) return `the certificate${whose} is valid from ${dayOf(validFrom)} on only`;
  }
  return undefined;
}

function dayOf(time: string): string {
  return new Date(time).toISOString().slice(0, 10);
}

async function readKey(path: string): Promise<string> {
  const text = await readText(path);
  if (!KEY.test(text)) throw notPem(path, "holds no private key in PEM");
  try {
    createPrivateKey(text);
  } catch (cause) {
    const isEncrypted = /ENCRYPTED/.test(text);
    throw notPem(
      path,
      isEncrypted
        ? "holds a private key that a passphrase locks, which is not supported"
        : "holds a private key that cannot be read",
      cause,
    );
  }
  return text;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const { kind, advice } = READ_FAILURES[code] ?? { kind: "unavailable", advice: "check the disk that holds it" };
    throw new WireloomError(kind, `${path} cannot be read (${code}); ${advice}`, { cause: error });
  }
}

const NOT_FOUND = { kind: "not_found", advice: "check the path" } as const;
const NOT_PERMITTED = { kind: "permission_denied", advice: "change its permissions or its owner" } as const;
const READ_FAILURES: Readonly<Record<string, { readonly kind: ErrorCode; readonly advice: string }>> = {
  ENOENT: NOT_FOUND,
  ENOTDIR: NOT_FOUND,
  EACCES: NOT_PERMITTED,
  EPERM: NOT_PERMITTED,
  EISDIR: { kind: "invalid_argument", advice: "it is a directory; name a file in it" },
};

function notPem(path: string, fault: string, cause?: unknown): WireloomError {
  return new WireloomError("invalid_argument", `${path} ${fault}; check which file the option names`, { cause });
}
