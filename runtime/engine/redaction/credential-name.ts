import { lowerCase } from "../../bytes/ascii.js";

/** Names of parameters whose values are credentials, without `-` and `_`, in lower case. */
const NAMES = new Set([
  "accesskey",
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
  "passphrase",
  "passwd",
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
]);

/** Ends of other such names: `oauth_token`, `new_password`, `JSESSIONID`, `PHPSESSID`, `X-Amz-Signature`. */
const ENDINGS = ["apikey", "passwd", "password", "secret", "secretkey", "sessid", "sessionid", "signature", "token"];

/** Maximum bytes of a word of a name; of a longer one, the last ones count. */
const MAX_WORD_BYTES = 64;
const PLUS = 43;
const HYPHEN = 45;
const LOW_LINE = 95;
const SPACE = 32;

/**
 * Recognises the name of a parameter whose value is a credential. It takes the bytes of the name one by one, after percent-decoding. Case, `-`,
 * `_` and blanks do not count. Other bytes separate words, each of which may be the name of a credential: `user[password]`, `token[]`,
 * `auth.token`.
 */
export class CredentialName {
  #word = "";
  #isFound = false;

  reset(): void {
    this.#word = "";
    this.#isFound = false;
  }

  add(byte: number): void {
    const lower = lowerCase(byte);
    if ((lower >= 97 && lower <= 122) || (lower >= 48 && lower <= 57)) {
      if (this.#word.length >= 2 * MAX_WORD_BYTES) this.#word = this.#word.slice(-MAX_WORD_BYTES);
      this.#word += String.fromCharCode(lower);
    } else if (byte !== HYPHEN && byte !== LOW_LINE && byte !== PLUS && byte !== SPACE) this.#endWord();
  }

  /** Whether the bytes since {@link reset} name a credential. */
  isCredential(): boolean {
    this.#endWord();
    return this.#isFound;
  }

  #endWord(): void {
    const word = this.#word;
    this.#word = "";
    if (!this.#isFound && word !== "") this.#isFound = NAMES.has(word) || ENDINGS.some((end) => word.endsWith(end));
  }
}
