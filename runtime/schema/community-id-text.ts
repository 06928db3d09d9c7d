import { WireloomError } from "../wireloom-error.js";
import { quote } from "./quote.js";

/** Base64 of 20 bytes: the last character before the padding has four bits, the lower two of its six are zero. */
const FORM = /^1:[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]=$/;
/** The keyed hash that redaction puts in its place, cut to the column's 30 bytes. */
const HASH_FORM = /^[0-9a-f]{30}$/;

/**
 * Throws a {@link WireloomError} `invalid_argument` for a text that can be neither a Community ID, version 1
 * (https://github.com/corelight/community-id-spec), nor the keyed hash of one; `parameter` names the parameter in the message.
 */
export function checkCommunityId(text: string, parameter: string): void {
  if (FORM.test(text) || HASH_FORM.test(text)) return;
  throw new WireloomError(
    "invalid_argument",
    `${parameter}: ${quote(text)} is not a Community ID, such as 1:LQU9qZlK+B5F3KDmev6m5PMibrg= ("1:" and 20 bytes in base64; write %2F for a / in a path), nor the hash of one, 30 hexadecimal digits`,
  );
}
