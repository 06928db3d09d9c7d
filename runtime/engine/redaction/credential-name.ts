import { ascii, lowerCase } from "../../bytes/ascii.js";
import { ByteNames } from "../../bytes/byte-names.js";

/** Names of parameters whose values are credentials, without `-` and `_`. */
const NAMES = new ByteNames(
  [
    "assertion",
    "auth",
    "authorization",
    "clientassertion",
    "code",
    "codeverifier",
    "credential",
    "credentials",
    "devicecode",
    "jwt",
    "key",
    "otp",
    "pass",
    "pin",
    "pwd",
    "samlrequest",
    "samlresponse",
    "session",
    "sid",
    "sig",
    "ticket",
    "usercode",
    "xamzcredential",
  ].map((name) => [name, true] as const),
);

/** Suffixes of other such names: `oauth_token`, `new_password`, `JSESSIONID`, `PHPSESSID`, `X-Amz-Signature`. */
const SUFFIXES = [
  "accesskey",
  "apikey",
  "authkey",
  "passcode",
  "passphrase",
  "passwd",
  "password",
  "privatekey",
  "secret",
  "secretkey",
  "sessid",
  "sessionid",
  "signature",
  "subscriptionkey",
  "token",
].map(ascii);

/** Maximum length of a word in bytes; only the end of a longer word is compared. */
const MAX_WORD_BYTES = 64;
const PLUS = 43;
const HYPHEN = 45;
const LOW_LINE = 95;
const SPACE = 32;

/**
 * Recognises the name of a parameter whose value is a credential. It takes the bytes of the name one by one, after percent-decoding. Case, `-`,
 * `_` and blanks are ignored. Other bytes separate words, each of which may be the name of a credential: `user[password]`, `token[]`,
 * `auth.token`.
 */
export class CredentialName {
  readonly #word = new Uint8Array(2 * MAX_WORD_BYTES);
  #length = 0;
  #isFound = false;

  reset(): void {
    this.#length = 0;
    this.#isFound = false;
  }

  add(byte: number): void {
    const lower = lowerCase(byte);
    if ((lower >= 97 && lower <= 122) || (lower >= 48 && lower <= 57)) {
      if (this.#length === this.#word.length) {
        this.#word.copyWithin(0, MAX_WORD_BYTES);
        this.#length = MAX_WORD_BYTES;
      }
      this.#word[this.#length++] = lower;
    } else if (byte !== HYPHEN && byte !== LOW_LINE && byte !== PLUS && byte !== SPACE) this.#endWord();
  }

  /** Whether the bytes since {@link reset} name a credential. */
  isCredential(): boolean {
    this.#endWord();
    return this.#isFound;
  }

  #endWord(): void {
    if (this.#length > 0 && !this.#isFound)
      this.#isFound = NAMES.find(this.#word, 0, this.#length) === true || hasSuffix(this.#word, this.#length);
    this.#length = 0;
  }
}

function hasSuffix(word: Uint8Array, length: number): boolean {
  for (const suffix of SUFFIXES) {
    let left = suffix.length;
    if (left > length) continue;
    while (left > 0 && suffix[left - 1] === word[length - suffix.length + left - 1]) left--;
    if (left === 0) return true;
  }
  return false;
}
