import { byteNameSet } from "../../runtime/plugin/index.js";

/** IANA's registry of authentication schemes (RFC 9110, section 16.4.1). */
const REGISTERED =
  "Basic Bearer Concealed Digest DPoP GNAP HOBA Mutual Negotiate OAuth PrivateToken SCRAM-SHA-1 SCRAM-SHA-256 vapid";

/** Schemes of Microsoft, Amazon and Google. */
const VENDORS =
  "Kerberos NTLM Passport SharedAccessSignature SharedKey SharedKeyLite AWS AWS3 AWS3-HTTPS AWS4-HMAC-SHA256 AWS4-ECDSA-P256-SHA256 GoogleLogin GoogleAuth";

/** Schemes of other products and of drafts. */
const OTHERS =
  "AccessToken APIKey Api-Key Api-Token AtlassianToken DirectLogin GenieKey Hawk JWT Key KeyAuth MAC OTP Pop SAML Secret Session Signature Splunk SSWS Token WRAP WSSE X-Auth Zoho-oauthtoken";

const SCHEMES = byteNameSet(...[REGISTERED, VENDORS, OTHERS].join(" ").split(" "));

/**
 * Whether `bytes[start, end)` is the name of a known scheme of Authorization, ignoring case. The first word of a value without one may itself be
 * a credential.
 */
export function isAuthorizationScheme(bytes: Uint8Array, start: number, end: number): boolean {
  return SCHEMES.find(bytes, start, end) === true;
}
