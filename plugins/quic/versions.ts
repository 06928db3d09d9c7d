import { parseHex } from "../../runtime/plugin/index.js";
/** Key and nonce of a Retry's integrity tag. */
export interface RetryKeys {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** What of the protection and of the header differs between versions. */
export interface VersionRules {
  /** Salt of the Initial secret. */
  readonly salt: Uint8Array;
  /** Before `key`, `iv` and `hp` in the labels of keys. */
  readonly label: string;
  /** Added to the two bits of a long header's type, modulo 4, to get the type of version 1. */
  readonly typeShift: number;
  /** Undefined if a Retry has no tag, or its keys were not published. */
  readonly retry: RetryKeys | undefined;
  /** The frames are numbered as in Google's older versions. */
  readonly hasGoogleFrames: boolean;
  /** The client sends a CHLO, not a ClientHello. */
  readonly hasGoogleHello: boolean;
  /** Numbers and lengths of transport parameters have 16 bits, as in drafts before 27. */
  readonly hasWideParameters: boolean;
}

const VERSION_1: VersionRules = {
  salt: hex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"),
  label: "quic ",
  typeShift: 0,
  retry: { key: hex("be0c690b9f66575a1d766b54e368c84e"), nonce: hex("461599d35d632bf2239825bb") },
  hasGoogleFrames: false,
  hasGoogleHello: false,
  hasWideParameters: false,
};
const VERSION_2: VersionRules = {
  ...VERSION_1,
  salt: hex("0dede3def700a6db819381be6e269dcbf9bd2ed9"),
  label: "quicv2 ",
  typeShift: 3,
  retry: { key: hex("8fb4b01b56ac48e260fbcbcead7ccc92"), nonce: hex("d86969bc2d7c6d9990efb04a") },
};
/** Version 2 as of draft-ietf-quic-v2-01 to 09. */
const VERSION_2_DRAFT: VersionRules = {
  ...VERSION_2,
  salt: hex("a707c203a59b47184a1d62ca570406ea7ae3e5d3"),
  retry: undefined,
};
const DRAFTS_FROM_29: VersionRules = {
  ...VERSION_1,
  salt: hex("afbfec289993d24c9e9786f19c6111e04390a899"),
  retry: { key: hex("ccce187ed09a09d05728155a6cb96be1"), nonce: hex("e54930f97f2136f0530a8c1c") },
};
const DRAFTS_FROM_27: VersionRules = {
  ...VERSION_1,
  salt: hex("c3eef712c72ebb5a11a7d2432bb46365bef9f502"),
  retry: { key: hex("4d32ecdb2a2133c841e4043df27d4430"), nonce: hex("4d1611d05513a552c587d575") },
};
const DRAFTS_FROM_25: VersionRules = { ...DRAFTS_FROM_27, hasWideParameters: true };
/** A Retry had the client's destination instead of a tag. */
const DRAFTS_FROM_23: VersionRules = { ...DRAFTS_FROM_25, retry: undefined };
const DRAFT_22: VersionRules = { ...DRAFTS_FROM_23, salt: hex("7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a") };
/** Google's, with keys as published in its QUIC library. */
const T051: VersionRules = {
  ...VERSION_1,
  salt: hex("7a4edef4e7ccee5fa4506c19124fc8ccda6e033d"),
  retry: undefined,
  hasGoogleFrames: true,
};
const T050: VersionRules = { ...T051, salt: hex("7ff579e5acd072915580304c43a2367c60488310"), hasWideParameters: true };
const Q050: VersionRules = { ...T051, salt: hex("504574efd066fe2f9d945cfcdbd3a7f0d3b56b45"), hasGoogleHello: true };

/** Versions of QUIC, in part of the IANA registry "QUIC Versions". */
const QuicVersion = {
  /** RFC 9000. */
  V1: 0x00000001,
  /** RFC 9369. */
  V2: 0x6b3343cf,
  /** Version 2 as of draft-ietf-quic-v2-01 to 09. */
  V2_DRAFT: 0x709a50c4,
  GOOGLE_Q050: 0x51303530,
  GOOGLE_T050: 0x54303530,
  GOOGLE_T051: 0x54303531,
  MVFST_1: 0xfaceb001,
  MVFST_2: 0xfaceb002,
  MVFST_E: 0xfaceb00e,
} as const;

const FIRST_DRAFT = 0xff000000;
const NEGOTIATION_PATTERN = 0x0a0a0a0a;

/**
 * The rules of a version (RFC 9001, sections 5.2 and 5.8; RFC 9369, section 3; the same sections of draft-ietf-quic-tls-22 to 34); undefined
 * for one that is not known. Facebook's mvfst has three of its own, which are as draft 22 and draft 27.
 */
export function rulesOf(version: number): VersionRules | undefined {
  switch (version) {
    case QuicVersion.V1:
      return VERSION_1;
    case QuicVersion.V2:
      return VERSION_2;
    case QuicVersion.V2_DRAFT:
      return VERSION_2_DRAFT;
    case QuicVersion.GOOGLE_Q050:
      return Q050;
    case QuicVersion.GOOGLE_T050:
      return T050;
    case QuicVersion.GOOGLE_T051:
      return T051;
    case QuicVersion.MVFST_1:
      return DRAFT_22;
    case QuicVersion.MVFST_2:
    case QuicVersion.MVFST_E:
      return DRAFTS_FROM_27;
  }
  const draft = version - FIRST_DRAFT;
  if (draft === 22) return DRAFT_22;
  if (draft === 23 || draft === 24) return DRAFTS_FROM_23;
  if (draft === 25 || draft === 26) return DRAFTS_FROM_25;
  if (draft === 27 || draft === 28) return DRAFTS_FROM_27;
  if (draft >= 29 && draft <= 32) return DRAFTS_FROM_29;
  return draft === 33 || draft === 34 ? VERSION_1 : undefined;
}

/** True for versions that are never implemented, with which a client forces a negotiation (RFC 9000, section 15). */
export function isReserved(version: number): boolean {
  return (version & 0x0f0f0f0f) === NEGOTIATION_PATTERN;
}

/** True for known versions and those that may be in use: reserved ones (RFC 9000, section 15), older drafts, Google's, Facebook's. */
export function isPlausibleVersion(version: number): boolean {
  if (isReserved(version) || rulesOf(version) !== undefined) return true;
  const upper = version >>> 8;
  return upper === 0xff0000 || upper === 0xfaceb0 || upper >> 8 === 0x5130 || upper >> 8 === 0x5430;
}

/** A version as text. */
export function versionText(version: number): string {
  if (version === QuicVersion.V1) return "1";
  if (version === QuicVersion.V2) return "2";
  const draft = version - FIRST_DRAFT;
  return draft > 0 && draft < 256 ? `draft-${draft}` : `0x${version.toString(16).padStart(8, "0")}`;
}

function hex(digits: string): Uint8Array {
  return parseHex(digits)!;
}
