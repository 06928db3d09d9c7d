import { ByteNames } from "../../runtime/plugin/index.js";

/**
 * Schemes of Authorization: those of IANA's registry of authentication schemes (RFC 9110, section 16.4.1), and others in wide use. The first
 * word of a value that does not have one of them may itself be a credential.
 */
const SCHEMES = new ByteNames(
  [
    ...[
      "Basic",
      "Bearer",
      "Concealed",
      "Digest",
      "DPoP",
      "GNAP",
      "HOBA",
      "Mutual",
      "Negotiate",
      "OAuth",
      "PrivateToken",
    ],
    ...["SCRAM-SHA-1", "SCRAM-SHA-256", "vapid"],
    // Kerberos and NTLM.
    ...["Kerberos", "NTLM", "Passport"],
    // Amazon Web Services, Azure, Google.
    ...[
      "AWS",
      "AWS3",
      "AWS3-HTTPS",
      "AWS4-HMAC-SHA256",
      "AWS4-ECDSA-P256-SHA256",
      "SharedAccessSignature",
      "SharedKey",
    ],
    ...["SharedKeyLite", "GoogleLogin", "GoogleAuth"],
    // Of other products and drafts.
    ...[
      "AccessToken",
      "APIKey",
      "Api-Key",
      "Api-Token",
      "AtlassianToken",
      "DirectLogin",
      "GenieKey",
      "Hawk",
      "JWT",
      "Key",
    ],
    ...["KeyAuth", "MAC", "OTP", "Pop", "SAML", "Secret", "Session", "Signature", "Splunk", "SSWS", "Token", "WRAP"],
    ...["WSSE", "X-Auth", "Zoho-oauthtoken"],
  ].map((name) => [name, true] as const),
);

/** Whether `bytes[start, end)` is the name of a known authentication scheme. */
export function isAuthorizationScheme(bytes: Uint8Array, start: number, end: number): boolean {
  return SCHEMES.find(bytes, start, end) === true;
}
