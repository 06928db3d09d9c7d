import { ascii, lowerCase } from "../../bytes/ascii.js";
import { type ByteNames, byteNameSet } from "../../bytes/byte-names.js";

/** Words that name a credential, without `-` and `_`: `sid`, `user[pin]`. */
const WORDS = byteNameSet(
  "assertion",
  "auth",
  "authorization",
  "devicecode",
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

/** Words that name a credential if no other word is before them: `key` and `key[]`, not `sort[key]`. */
const FIRST_WORDS = byteNameSet("code", "key");

/** Parts of such words, between `-`, `_`, digits and capitals: `id_token_hint`, `refreshTokenValue`, `X-Original-Cookie`. */
const PARTS = byteNameSet(
  "assertion",
  "authorization",
  "cookie",
  "credential",
  "credentials",
  "csrf",
  "jwt",
  "oauth",
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

/** Last parts of such words: `X-Auth`, `user_pin`, not `session_count`. */
const LAST_PARTS = byteNameSet("auth", "bearer", "pin", "session", "sid", "sig", "ticket");

/** Ends of such words, for parts that are not separated: `JSESSIONID`, `PHPSESSID`, `accesstoken`; and for keys, of which most are public. */
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
  "pwd",
  "secret",
  "secretkey",
  "sessid",
  "sessionid",
  "sessionkey",
  "sharedkey",
  "signature",
  "subscriptionkey",
  "token",
  "userpass",
  "verifier",
].map(ascii);

/** Maximum length of a word in bytes; only the end of a longer word is compared. */
const MAX_WORD_BYTES = 64;
/** Number of digits at the end of a word that are kept. */
const MAX_DIGITS = 8;
const DELETE = 127;
const PLUS = 43;
const HYPHEN = 45;
const LOW_LINE = 95;
const SPACE = 32;

/**
 * Recognises the name of a parameter whose value is a credential. It takes the bytes of the name one by one, after percent-decoding. Case,
 * digits at the end, control characters and bytes outside ASCII are ignored. `-`, `_`, blanks, digits and capitals separate parts of a word,
 * other bytes words, each of which may be the name of a credential: `user[password]`, `token[]`, `auth.token`.
 */
export class CredentialName {
  readonly #word = new Uint8Array(2 * MAX_WORD_BYTES);
  #length = 0;
  /** Where the part after the last `-`, `_` or blank begins, and the part of it after the last digit or lower-case letter before a capital. */
  #partStart = 0;
  #capitalStart = 0;
  /** Number of capitals, and of digits, at the end of the word. */
  #capitals = 0;
  #digits = 0;
  #words = 0;
  #isFound = false;

  reset(): void {
    this.#beginWord();
    this.#words = 0;
    this.#isFound = false;
  }

  add(byte: number): void {
    if (byte >= 48 && byte <= 57) {
      this.#capitals = 0;
      // More digits do not make another name.
      if (this.#digits++ < MAX_DIGITS) this.#push(byte);
      return;
    }
    const lower = lowerCase(byte);
    if (lower >= 97 && lower <= 122) {
      if (lower !== byte) {
        // `refreshToken`, `otp1Code`.
        if (this.#capitals === 0 && this.#length > 0) this.#endCapitalPart(this.#length);
        this.#capitals++;
      } else {
        // `JWTAssertion`.
        if (this.#capitals > 1) this.#endCapitalPart(this.#length - 1);
        this.#capitals = 0;
      }
      this.#digits = 0;
      this.#push(lower);
    } else if (byte === HYPHEN || byte === LOW_LINE || byte === PLUS || byte === SPACE) this.#endPart();
    else if (byte > SPACE && byte < DELETE) this.#endWord();
  }

  /** Whether the bytes since {@link reset} name a credential. */
  isCredential(): boolean {
    this.#endWord();
    return this.#isFound;
  }

  #push(byte: number): void {
    if (this.#length === this.#word.length) {
      this.#word.copyWithin(0, MAX_WORD_BYTES);
      this.#length = MAX_WORD_BYTES;
      this.#partStart = Math.max(0, this.#partStart - MAX_WORD_BYTES);
      this.#capitalStart = Math.max(0, this.#capitalStart - MAX_WORD_BYTES);
    }
    this.#word[this.#length++] = byte;
  }

  #beginWord(): void {
    this.#length = 0;
    this.#partStart = 0;
    this.#capitalStart = 0;
    this.#capitals = 0;
    this.#digits = 0;
  }

  #endCapitalPart(end: number): void {
    this.#compare(PARTS, this.#capitalStart, end);
    this.#capitalStart = end;
  }

  #endPart(): void {
    this.#compare(PARTS, this.#partStart, this.#length);
    if (this.#capitalStart !== this.#partStart) this.#compare(PARTS, this.#capitalStart, this.#length);
    this.#partStart = this.#length;
    this.#capitalStart = this.#length;
    this.#capitals = 0;
    this.#digits = 0;
  }

  #endWord(): void {
    if (this.#length === 0) return;
    this.#compare(LAST_PARTS, this.#partStart, this.#length);
    this.#compare(LAST_PARTS, this.#capitalStart, this.#length);
    this.#endPart();
    this.#compare(WORDS, 0, this.#length);
    if (this.#words++ === 0) this.#compare(FIRST_WORDS, 0, this.#length);
    if (!this.#isFound) this.#isFound = hasSuffix(this.#word, this.#lettersEnd(0, this.#length));
    this.#beginWord();
  }

  /** Looks for `word[start, end)` without the digits at its end. */
  #compare(names: ByteNames<true>, start: number, end: number): void {
    if (!this.#isFound) this.#isFound = names.find(this.#word, start, this.#lettersEnd(start, end)) === true;
  }

  #lettersEnd(start: number, end: number): number {
    let at = end;
    while (at > start && this.#word[at - 1]! < 58) at--;
    return at;
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
