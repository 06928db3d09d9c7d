import { type ByteNames, byteNameSet } from "../bytes/byte-names.js";

/**
 * Header fields, of HTTP and of protocols that use its header fields, whose values are usually credentials. The engine masks the value of a
 * field `name: value` if it is one of them, or has the name of a credential; plugins mark rows without one of these fields as redacted.
 */
export const CREDENTIAL_FIELDS: ByteNames<true> = byteNameSet(
  "api-key",
  "authorization",
  "cookie",
  "cookie2",
  "private-token",
  "proxy-authorization",
  "set-cookie",
  "set-cookie2",
  "x-amz-security-token",
  "x-api-key",
  "x-auth-token",
  "x-csrf-token",
  "x-vault-token",
  "x-xsrf-token",
);
