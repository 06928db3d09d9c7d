import { ascii } from "../../../runtime/plugin/index.js";

/** A header field as it stands in a table. */
export interface TableEntry {
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

const NAMED = [
  ...["accept-charset", "accept-encoding: gzip, deflate", "accept-language", "accept-ranges", "accept"],
  ...["access-control-allow-origin", "age", "allow", "authorization", "cache-control", "content-disposition"],
  ...["content-encoding", "content-language", "content-length", "content-location", "content-range", "content-type"],
  ...["cookie", "date", "etag", "expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match"],
  ...["if-range", "if-unmodified-since", "last-modified", "link", "location", "max-forwards", "proxy-authenticate"],
  ...["proxy-authorization", "range", "referer", "refresh", "retry-after", "server", "set-cookie"],
  ...["strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate"],
].map((field) => field.split(": "));

const PSEUDO = [
  [":authority"],
  ...["GET", "POST"].map((method) => [":method", method]),
  ...["/", "/index.html"].map((path) => [":path", path]),
  ...["http", "https"].map((scheme) => [":scheme", scheme]),
  ...["200", "204", "206", "304", "400", "404", "500"].map((status) => [":status", status]),
];

/** The static table (RFC 7541, appendix A); the entry of index 1 is at 0. */
export const STATIC_TABLE: readonly TableEntry[] = [...PSEUDO, ...NAMED].map(([name = "", value = ""]) => ({
  name: ascii(name),
  value: ascii(value),
}));
