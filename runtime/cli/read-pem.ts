import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { WireloomError } from "../wireloom-error.js";
import { readBounded } from "./read-bounded.js";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Maximum length of a file in bytes; a bundle of all public authorities has about 250 KB. */
const MAX_PEM_BYTES = 4 << 20;
const KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;

/** Reads a file of PEM certificates and returns each of them. Throws `not_found`, `permission_denied`, `unavailable` and `invalid_argument`. */
export async function readCertificates(path: string): Promise<string> {
  const text = await readText(path);
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) {
    const isKey = KEY.test(text);
    throw notPem(path, isKey ? "holds a private key, not a certificate" : "holds no certificate in PEM");
  }
  // OpenSSL skips a block without an end.
  if (text.split("-----BEGIN CERTIFICATE-----").length - 1 > blocks.length) {
    throw notPem(path, "holds a certificate that cannot be read");
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

/** Reads a certificate chain and its private key, in PEM. Throws as {@link readCertificates} does, also if the two do not belong together. */
export async function readKeyPair(certPath: string, keyPath: string): Promise<{ cert: string; key: string }> {
  const cert = await readCertificates(certPath);
  const key = await readKey(keyPath);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const { code, reason = code } = cause as { code?: string; reason?: string };
    const message =
      code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH"
        ? `the key in ${keyPath} is not that of the certificate in ${certPath}; give the two that were made together, of a chain the server's own first`
        : `the certificate in ${certPath} cannot be used (${reason}); request a new one`;
    throw new WireloomError("invalid_argument", message, { cause });
  }
  return { cert, key };
}

/**
 * Describes the first certificate of a chain that is not valid at `now`, with the remedy; undefined if all are valid. The first certificate of
 * a chain is the server's own; those after it certify it (RFC 8446, section 4.4.2).
 */
export function describeInvalidity(certificates: string, now: Date): string | undefined {
  for (const block of certificates.match(CERTIFICATE) ?? []) {
    const { validFrom, validTo, subject } = new X509Certificate(block);
    // A certificate may not have a subject, contrary to Node's types.
    const whose = (subject as string | undefined) === undefined ? "" : ` of ${subject.replaceAll("\n", ", ")}`;
    if (new Date(validTo) < now)
      return `the certificate${whose} expired on ${dayOf(validTo)}; clients refuse it: renew it and start the collector again`;
    if (new Date(validFrom) > now)
      return `the certificate${whose} is not valid before ${dayOf(validFrom)}; clients refuse it: check this machine's clock`;
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
        ? "holds a private key with a passphrase, which is not supported"
        : "holds a private key that cannot be read",
      cause,
    );
  }
  return text;
}

async function readText(path: string): Promise<string> {
  const bytes = await readBounded(path, MAX_PEM_BYTES);
  if (bytes === undefined) throw notPem(path, `has more than ${MAX_PEM_BYTES >> 20} MiB`);
  return bytes.toString("utf8");
}

function notPem(path: string, fault: string, cause?: unknown): WireloomError {
  return new WireloomError("invalid_argument", `${path} ${fault}; check which file the option names`, { cause });
}
