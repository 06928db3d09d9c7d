import { DerReader, DerTag } from "./der.js";
import { objectIdentifier } from "./object-identifier.js";

/** A part of a certificate: `bytes[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part with the tag of its encoding. */
export interface TaggedSpan extends Span {
  readonly tag: number;
}

/** An algorithm: its object identifier, and the one in its parameters (the curve of an EC key), empty if there is none. */
export interface Algorithm {
  readonly identifier: string;
  readonly parameter: string;
}

/** Where the parts of an X.509 certificate are. Spans are of the contents of elements. */
export interface Certificate {
  readonly serial: Span;
  readonly signature: Algorithm;
  readonly issuer: Span;
  readonly notBefore: TaggedSpan;
  readonly notAfter: TaggedSpan;
  readonly subject: Span;
  readonly keyAlgorithm: Algorithm;
  /** The bits of the key, without the count of unused ones. */
  readonly key: Span;
  /** Content of the extension `subjectAltName`. */
  readonly alternativeNames: Span | undefined;
  /** `cA` of the extension `basicConstraints`; false without it. */
  readonly isCa: boolean;
}

const EXPLICIT_VERSION = 0xa0;
const ISSUER_UNIQUE_ID = 0x81;
const SUBJECT_UNIQUE_ID = 0x82;
const EXPLICIT_EXTENSIONS = 0xa3;
const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";

/** Finds the parts of the certificate `bytes[at, end)` (RFC 5280, section 4.1); undefined for bytes that are not a certificate. */
export function readCertificate(bytes: Uint8Array, at: number, end: number): Certificate | undefined {
  const outer = new DerReader(bytes, at, end);
  if (!outer.nextIf(DerTag.Sequence)) return undefined;
  const signed = outer.content();
  if (!signed.nextIf(DerTag.Sequence)) return undefined;
  const parts = signed.content();
  parts.nextIf(EXPLICIT_VERSION);
  if (!parts.nextIf(DerTag.Integer)) return undefined;
  const serial = contentOf(parts);
  if (!parts.nextIf(DerTag.Sequence)) return undefined;
  const signature = readAlgorithm(parts.content());
  if (!parts.nextIf(DerTag.Sequence)) return undefined;
  const issuer = contentOf(parts);
  if (!parts.nextIf(DerTag.Sequence)) return undefined;
  const validity = parts.content();
  if (!validity.next()) return undefined;
  const notBefore = { ...contentOf(validity), tag: validity.tag };
  if (!validity.next()) return undefined;
  const notAfter = { ...contentOf(validity), tag: validity.tag };
  if (!parts.nextIf(DerTag.Sequence)) return undefined;
  const subject = contentOf(parts);
  if (!parts.nextIf(DerTag.Sequence)) return undefined;
  const keyInfo = parts.content();
  if (!keyInfo.nextIf(DerTag.Sequence)) return undefined;
  const keyAlgorithm = readAlgorithm(keyInfo.content());
  if (!keyInfo.nextIf(DerTag.BitString) || keyInfo.end === keyInfo.start) return undefined;
  const key = { start: keyInfo.start + 1, end: keyInfo.end };
  const extensions = findExtensions(parts);
  return { serial, signature, issuer, notBefore, notAfter, subject, keyAlgorithm, key, ...extensions };
}

/** Reads the extensions among the optional parts at the end. */
function findExtensions(parts: DerReader): Pick<Certificate, "alternativeNames" | "isCa"> {
  let alternativeNames: Span | undefined;
  let isCa = false;
  parts.nextIf(ISSUER_UNIQUE_ID);
  parts.nextIf(SUBJECT_UNIQUE_ID);
  if (!parts.nextIf(EXPLICIT_EXTENSIONS)) return { alternativeNames, isCa };
  const list = parts.content();
  if (!list.nextIf(DerTag.Sequence)) return { alternativeNames, isCa };
  for (const extensions = list.content(); extensions.nextIf(DerTag.Sequence); ) {
    const extension = extensions.content();
    if (!extension.nextIf(DerTag.ObjectIdentifier)) continue;
    const identifier = objectIdentifier(extension.bytes, extension.start, extension.end);
    // Whether it is critical.
    extension.nextIf(DerTag.Boolean);
    if (!extension.nextIf(DerTag.OctetString)) continue;
    const value = extension.content();
    if (!value.nextIf(DerTag.Sequence)) continue;
    if (identifier === SUBJECT_ALTERNATIVE_NAME) alternativeNames ??= contentOf(value);
    else if (identifier === BASIC_CONSTRAINTS) isCa = readIsCa(value.content());
  }
  return { alternativeNames, isCa };
}

function readIsCa(constraints: DerReader): boolean {
  return (
    constraints.nextIf(DerTag.Boolean) &&
    constraints.end > constraints.start &&
    constraints.bytes[constraints.start] !== 0
  );
}

function readAlgorithm(parts: DerReader): Algorithm {
  const identifier = parts.nextIf(DerTag.ObjectIdentifier) ? identifierOf(parts) : "";
  return { identifier, parameter: parts.nextIf(DerTag.ObjectIdentifier) ? identifierOf(parts) : "" };
}

function identifierOf({ bytes, start, end }: DerReader): string {
  return objectIdentifier(bytes, start, end);
}

function contentOf({ start, end }: DerReader): Span {
  return { start, end };
}
