/** What of the protection and of the header differs between versions. */
export interface VersionRules {
  /** Salt of the Initial secret. */
  readonly salt: Buffer;
  /** Before `key`, `iv` and `hp` in the labels of keys. */
  readonly label: string;
  /** Added to the two bits of a long header's type, modulo 4, to get the type of version 1. */
  readonly typeShift: number;
}

const VERSION_1: VersionRules = {
  salt: Buffer.from("38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "hex"),
  label: "quic ",
  typeShift: 0,
};
const VERSION_2: VersionRules = {
  salt: Buffer.from("0dede3def700a6db819381be6e269dcbf9bd2ed9", "hex"),
  label: "quicv2 ",
  typeShift: 3,
};
/** Version 2 as of draft-ietf-quic-v2-01 to 09. */
const VERSION_2_DRAFT: VersionRules = {
  ...VERSION_2,
  salt: Buffer.from("a707c203a59b47184a1d62ca570406ea7ae3e5d3", "hex"),
};
const DRAFTS_FROM_29: VersionRules = {
  ...VERSION_1,
  salt: Buffer.from("afbfec289993d24c9e9786f19c6111e04390a899", "hex"),
};
const DRAFTS_FROM_23: VersionRules = {
  ...VERSION_1,
  salt: Buffer.from("c3eef712c72ebb5a11a7d2432bb46365bef9f502", "hex"),
};

const FIRST_DRAFT = 0xff000000;
const NEGOTIATION_PATTERN = 0x0a0a0a0a;

/** The rules of a version (RFC 9001, section 5.2; RFC 9369, section 3; the drafts' section 5.2); undefined for one that is not known. */
export function rulesOf(version: number): VersionRules | undefined {
  if (version === 1) return VERSION_1;
  if (version === 0x6b3343cf) return VERSION_2;
  if (version === 0x709a50c4) return VERSION_2_DRAFT;
  const draft = version - FIRST_DRAFT;
  if (draft >= 23 && draft <= 28) return DRAFTS_FROM_23;
  if (draft >= 29 && draft <= 32) return DRAFTS_FROM_29;
  return draft === 33 || draft === 34 ? VERSION_1 : undefined;
}

/** True for versions that are in use without being known: reserved ones (RFC 9000, section 15), older drafts, Google's, Facebook's. */
export function isPlausibleVersion(version: number): boolean {
  if ((version & 0x0f0f0f0f) === NEGOTIATION_PATTERN || rulesOf(version) !== undefined) return true;
  const upper = version >>> 8;
  return upper === 0xff0000 || upper === 0xfaceb0 || upper >> 8 === 0x5130 || upper >> 8 === 0x5430;
}

/** True for a version whose transport parameters are as RFC 9000 has them; drafts before 27 had another form, which is not read. */
export function hasIntegerParameters(version: number): boolean {
  const draft = version - FIRST_DRAFT;
  return draft < 0 || draft >= 27;
}

/** A version as text. */
export function versionText(version: number): string {
  if (version === 1) return "1";
  if (version === 0x6b3343cf) return "2";
  const draft = version - FIRST_DRAFT;
  return draft > 0 && draft < 256 ? `draft-${draft}` : `0x${version.toString(16).padStart(8, "0")}`;
}
