import { ByteNames } from "../bytes/byte-names.js";

/**
 * Header fields, of HTTP and of protocols that use its header fields, whose values are credentials. The engine masks the value of a field
 * `name: value` by this list, and plugins use it to determine which fields they omitted.
 */
export const CREDENTIAL_FIELDS: ByteNames<true> = new ByteNames(
  [
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
  ].map((name) => [name, true] as const),
);
