import type { ByteList } from "../../../runtime/plugin/index.js";
import { writeEscaped } from "../escaped-text.js";
import { DerReader } from "./der.js";

/** Alternative names of a certificate, a list for each kind that names a peer. */
export interface AlternativeNameFields {
  readonly certificateDnsNames: ByteList;
  readonly certificateAddresses: ByteList;
  readonly certificateEmails: ByteList;
  readonly certificateUris: ByteList;
}

/** Kinds of a name, by their tags (RFC 5280, section 4.2.1.6). */
const RFC822_NAME = 0x81;
const DNS_NAME = 0x82;
const URI = 0x86;
const IP_ADDRESS = 0x87;

/** Lists the general names `bytes[at, end)`; other kinds than these four are ignored. */
export function listAlternativeNames(names: AlternativeNameFields, bytes: Uint8Array, at: number, end: number): void {
  for (const reader = new DerReader(bytes, at, end); reader.next(); ) {
    const { tag, start } = reader;
    const length = reader.end - start;
    if (tag === DNS_NAME) push(names.certificateDnsNames, bytes, start, reader.end);
    else if (tag === RFC822_NAME) push(names.certificateEmails, bytes, start, reader.end);
    else if (tag === URI) push(names.certificateUris, bytes, start, reader.end);
    else if (tag === IP_ADDRESS && (length === 4 || length === 16)) {
      names.certificateAddresses.push(bytes, start, reader.end);
    }
  }
}

function push(list: ByteList, bytes: Uint8Array, at: number, end: number): void {
  if (list.length === list.maxItems) {
    list.overflowed = true;
    return;
  }
  writeEscaped(list.arena, bytes, at, end);
  list.endItem();
}
