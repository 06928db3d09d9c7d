import { ascii, lowerCase } from "../../bytes/ascii.js";
import { ByteNames } from "../../bytes/byte-names.js";

/** Words that name a credential alone, without `-` and `_`. */
const NAMES = namesOf(
  "assertion",
  "auth",
  "authorization",
  "clientassertion",
  "code",
  "cookie",
  "devicecode",
  "key",
  "pin",
  "samlart",
  "samlrequest",
  "samlresponse",
  "session",
  "sid",
  "sig",
  "ticket",
  "usercode",
);

/** Parts of such words, between `-`, `_` and capitals: `id_token_hint`, `refreshTokenValue`, `secret_id`. */
const PARTS = namesOf(
  "bearer",
  "credential",
  "credentials",
  "csrf",
  "jwt",
  "otp",
  "pass",
  "passphrase",
  "passwd",
  "password",
  "pw",
  "pwd",
  "secret",
  "token",
  "xsrf",
);

/** Ends of such words, where parts are not separated: `JSESSIONID`, `PHPSESSID`, `accesstoken`, `X-Amz-Signature`. */
const SUFFIXES = [
  "accesskey",
  "apikey",
  "appkey",
  "authcode",
  "authkey",
  "authorizationcode",
  "passcode",
  "passphrase",
  "passwd",
  "password",
  "privatekey",
  "secret",
  "secretkey",
  "sessid",
  "sessionid",
  "sharedkey",
  "signature",
  "subscriptionkey",
  "token",
  "userpass",
  "verifier",
].map(ascii);

/** Maximum length of a word in bytes; only the end of a longer word is compared. */
const MAX_WORD_BYTES = 64;
const DELETE = 127;
const PLUS = 43;
const HYPHEN = 45;
const LOW_LINE = 95;
const SPACE = 32;

function namesOf(...names: readonly string[]): ByteNames<true> {
  return new ByteNames(names.map((name) => [name, true] as const));
}

/**
 * Recognises the name of a parameter whose value is a credential. It takes the bytes of the name one by one, after percent-decoding. Case,
 * digits at the end, control characters and bytes outside ASCII are ignored. `-`, `_`, blanks and capitals separate parts of a word, other
 * bytes words, each of which may be the name of a credential: `user[password]`, `token[]`, `auth.token`.
 */
export class CredentialName {
  readonly #word = new Uint8Array(2 * MAX_WORD_BYTES);
  #length = 0;
  /** Where the part after the last `-`, `_` or blank begins, and the part of it after the last capital. */
  #partStart = 0;
  #capitalStart = 0;
  #wasLowerCase = false;
  #isFound = false;

  reset(): void {
    this.#beginWord();
    this.#isFound = false;
  }

  add(byte: number): void {
    const lower = lowerCase(byte);
    const isLetter = lower >= 97 && lower <= 122;
    if (isLetter || (lower >= 48 && lower <= 57)) {
      const isCapital = lower !== byte;
      if (isCapital && this.#wasLowerCase) {
        this.#comparePart(this.#capitalStart);
        this.#capitalStart = this.#length;
      }
      this.#wasLowerCase = isLetter && !isCapital;
      if (this.#length === this.#word.length) this.#shorten();
      this.#word[this.#length++] = lower;
    } else if (byte === HYPHEN || byte === LOW_LINE || byte === PLUS || byte === SPACE) this.#endPart();
    else if (byte > SPACE && byte < DELETE) this.#endWord();
  }

  /** Whether the bytes since {@link reset} name a credential. */
  isCredential(): boolean {
    this.#endWord();
    return this.#isFound;
  }

  #beginWord(): void {
    this.#length = 0;
    this.#partStart = 0;
    this.#capitalStart = 0;
    this.#wasLowerCase = false;
  }

  #endPart(): void {
    this.#comparePart(this.#partStart);
    if (this.#capitalStart !== this.#partStart) this.#comparePart(this.#capitalStart);
    this.#partStart = this.#length;
    this.#capitalStart = this.#length;
  }

  #comparePart(start: number): void {
    if (!this.#isFound) this.#isFound = PARTS.find(this.#word, start, this.#lettersEnd(start)) === true;
  }

  #endWord(): void {
    if (this.#length === 0) return;
    this.#endPart();
    if (!this.#isFound) {
      const end = this.#lettersEnd(0);
      this.#isFound = NAMES.find(this.#word, 0, end) === true || hasSuffix(this.#word, end);
    }
    this.#beginWord();
  }

  /** End of the letters from `start` on, without digits at the end. */
  #lettersEnd(start: number): number {
    let end = this.#length;
    while (end > start && this.#word[end - 1]! < 58) end--;
    return end;
  }

  #shorten(): void {
    this.#word.copyWithin(0, MAX_WORD_BYTES);
    this.#length = MAX_WORD_BYTES;
    this.#partStart = Math.max(0, this.#partStart - MAX_WORD_BYTES);
    this.#capitalStart = Math.max(0, this.#capitalStart - MAX_WORD_BYTES);
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
