import { ByteNames } from "../bytes/byte-names.js";

/**
 * Header fields, of HTTP and of protocols that use its header fields, whose values are credentials. The engine masks the value of a field
 * `name: value` by this list, and plugins use it to determine which fields they omitted.
 */
export const CREDENTIAL_FIELDS: ByteNames<true> = new ByteNames(
  ["authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key", "x-auth-token"].map(
    (name) => [name, true] as const,
  ),
);
