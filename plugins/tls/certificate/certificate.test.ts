import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TlsRecord } from "../../../generated/tls/record.js";
import { nodeCryptography } from "../../../runtime/node/node-cryptography.js";
import { provideCryptography } from "../../../runtime/plugin/index.js";
import { certificateExamples } from "../testing/certificate-examples.js";
import { message } from "../testing/messages.js";
import { readCertificate } from "./certificate.js";
import { readServerCertificates } from "./certificate-message.js";

provideCryptography(nodeCryptography);

const text = ({ bytes, length }: { bytes: Uint8Array; length: number }) =>
  Buffer.from(bytes.subarray(0, length)).toString();
const hex = ({ bytes, length }: { bytes: Uint8Array; length: number }) =>
  Buffer.from(bytes.subarray(0, length)).toString("hex");
const items = ({ arena, ends }: TlsRecord["certificateDnsNames"], length: number) =>
  Array.from({ length }, (_, i) => Buffer.from(arena.bytes.subarray(i === 0 ? 0 : ends[i - 1]!, ends[i]!)));

/** The record that the Certificate message with these certificates makes. */
function read(...certificates: readonly Uint8Array[]) {
  const body = message.certificates(...certificates);
  const record = new TlsRecord();
  const isWhole = readServerCertificates(record, body, 0, body.length);
  return { record, isWhole };
}

describe.each(certificateExamples)("$what", ({ pem, subject }) => {
  const other = new X509Certificate(pem);
  const { record, isWhole } = read(other.raw);

  it("is read whole", () => {
    expect(isWhole).toBe(true);
    expect(record.certificateCount).toBe(1);
  });

  it("has the subject as OpenSSL writes it", () => {
    expect(text(record.certificateSubject)).toBe(subject);
    expect(text(record.certificateIssuer)).toBe(subject);
    expect(record.certificateSelfIssued).toBe(true);
  });

  it("has serial number, fingerprint and times as Node reads them", () => {
    expect(BigInt(`0x${hex(record.certificateSerial)}`)).toBe(BigInt(`0x${other.serialNumber}`));
    expect(hex(record.certificateFingerprints.arena)).toBe(other.fingerprint256.replaceAll(":", "").toLowerCase());
    expect(record.certificateIsCa).toBe(other.ca);
    expect(record.certificateNotBefore.toBigInt()).toBe(BigInt(Date.parse(other.validFrom)) * 1_000_000n);
    const end = Date.parse(other.validTo);
    const isEndless = new Date(end).getUTCFullYear() === 9999;
    expect(record.certificateNotAfter.toBigInt()).toBe(isEndless ? 0n : BigInt(end) * 1_000_000n);
  });
});

describe("a key", () => {
  it.each([
    [0, "rsaEncryption", 1024, null, "sha256WithRSAEncryption"],
    [1, "id-ecPublicKey", 384, 24, "ecdsa-with-SHA384"],
    [2, "ED25519", 256, null, "ED25519"],
  ])("of example %i is %s with %i bits", (index, algorithm, bits, group, signature) => {
    const { record } = read(new X509Certificate(certificateExamples[index]!.pem).raw);
    expect(text(record.certificateKeyAlgorithm)).toBe(algorithm);
    expect(record.certificateKeyBits).toBe(bits);
    expect(record.certificateKeyGroup).toBe(group);
    expect(text(record.certificateSignatureAlgorithm)).toBe(signature);
  });
});

it("lists alternative names by kind", () => {
  const { record } = read(new X509Certificate(certificateExamples[0]!.pem).raw);
  expect(items(record.certificateDnsNames, 2).map(String)).toEqual(["www.wireloom.example", "*.wireloom.example"]);
  expect(items(record.certificateAddresses, 2).map((item) => item.toString("hex"))).toEqual([
    "c0000250",
    "20010db8000000000000000000000080",
  ]);
  expect(items(record.certificateEmails, 1).map(String)).toEqual(["host@wireloom.example"]);
  expect(items(record.certificateUris, 1).map(String)).toEqual(["https://www.wireloom.example/a"]);
});

describe("a message", () => {
  const certificates = certificateExamples.map(({ pem }) => new X509Certificate(pem).raw);

  it("reports the first of its certificates, and a fingerprint of each", () => {
    const { record, isWhole } = read(...certificates);
    expect(isWhole).toBe(true);
    expect(record.certificateCount).toBe(6);
    expect(text(record.certificateSubject)).toBe(certificateExamples[0]!.subject);
    expect(items(record.certificateFingerprints, 6)[5]!.toString("hex")).toBe(
      new X509Certificate(certificateExamples[5]!.pem).fingerprint256.replaceAll(":", "").toLowerCase(),
    );
  });

  it("may have none", () => {
    expect(read()).toMatchObject({ isWhole: true, record: { certificateCount: 0 } });
  });

  it("that is truncated is incomplete, and has those before the cut", () => {
    const body = message.certificates(certificates[0]!, certificates[1]!);
    const record = new TlsRecord();
    expect(readServerCertificates(record, body, 0, body.length - 1)).toBe(false);
    // The length of the list does not fit what is there.
    expect(record.certificateCount).toBe(0);
    const short = Buffer.from(body);
    short.writeUIntBE(short.readUIntBE(0, 3) - 1, 0, 3);
    expect(readServerCertificates(record, short, 0, short.length - 1)).toBe(false);
    expect(record.certificateCount).toBe(1);
  });

  it("with something else for a certificate is incomplete", () => {
    expect(read(Buffer.from("not a certificate"))).toMatchObject({ isWhole: false, record: { certificateCount: 1 } });
  });
});

describe("changed bytes", () => {
  it("never make it throw or read beyond the end", () => {
    const raw = new X509Certificate(certificateExamples[0]!.pem).raw;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(raw.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(raw.length),
        (changes, end) => {
          const bytes = Buffer.from(raw);
          for (const [at, value] of changes) bytes[at] = value;
          const certificate = readCertificate(bytes, 0, end);
          if (certificate !== undefined) expect(certificate.key.end).toBeLessThanOrEqual(end);
          read(bytes.subarray(0, end));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("that were never a certificate are not read as one", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        read(bytes);
      }),
    );
  });
});
