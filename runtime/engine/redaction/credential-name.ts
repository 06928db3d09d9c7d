import { ascii, lowerCase } from "../../bytes/ascii.js";
import { type ByteNames, byteNameSet } from "../../bytes/byte-names.js";

/** Words that name a credential, without `-` and `_`: `sid`, `user[pin]`. */
const WORDS = [
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
];

/** Words that name a credential if no other word is before them: `key` and `key[]`, not `sort[key]`. */
const FIRST_WORDS = ["code", "key"];

/** Parts of such words, between `-`, `_`, digits and capitals: `id_token_hint`, `refreshTokenValue`, `X-Original-Cookie`. */
const PARTS = [
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
];

/** Last parts of such words: `X-Auth`, `user_pin`, not `session_count`. */
const LAST_PARTS = ["auth", "bearer", "pin", "session", "sid", "sig", "ticket"];

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
];

const words = byteNameSet(...WORDS);
const firstWords = byteNameSet(...FIRST_WORDS);
const parts = byteNameSet(...PARTS);
const lastParts = byteNameSet(...LAST_PARTS);
const suffixes = SUFFIXES.map(ascii);

/** Last two letters of the names above, which most other names do not have, by {@link pairOf}. */
const LAST_LETTERS = new Uint8Array(26 * 26);
for (const name of [WORDS, FIRST_WORDS, PARTS, LAST_PARTS, SUFFIXES].flat()) {
  LAST_LETTERS[pairOf(ascii(name), name.length)] = 1;
}

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
    this.#compare(parts, this.#capitalStart, this.#lettersEnd(end));
    this.#capitalStart = end;
  }

  #endPart(): void {
    this.#comparePart(parts, this.#lettersEnd(this.#length));
    this.#partStart = this.#length;
    this.#capitalStart = this.#length;
    this.#capitals = 0;
    this.#digits = 0;
  }

  #endWord(): void {
    if (this.#length === 0) return;
    const end = this.#lettersEnd(this.#length);
    if (end > 1 && LAST_LETTERS[pairOf(this.#word, end)] === 1) {
      this.#comparePart(lastParts, end);
      this.#comparePart(parts, end);
      this.#compare(words, 0, end);
      if (this.#words === 0) this.#compare(firstWords, 0, end);
      if (!this.#isFound) this.#isFound = hasSuffix(this.#word, end);
    }
    this.#words++;
    this.#beginWord();
  }

  #comparePart(names: ByteNames<true>, end: number): void {
    this.#compare(names, this.#partStart, end);
    if (this.#capitalStart !== this.#partStart) this.#compare(names, this.#capitalStart, end);
  }

  #compare(names: ByteNames<true>, start: number, end: number): void {
    if (!this.#isFound && start < end) this.#isFound = names.find(this.#word, start, end) === true;
  }

  /** End of the letters before `end`, without the digits after them. */
  #lettersEnd(end: number): number {
    let at = end;
    while (at > 0 && this.#word[at - 1]! < 58) at--;
    return at;
  }
}

/** Number of the two letters before `end`; outside the table if one is not a letter. */
function pairOf(word: Uint8Array, end: number): number {
  return (word[end - 2]! - 97) * 26 + word[end - 1]! - 97;
}

function hasSuffix(word: Uint8Array, length: number): boolean {
  for (const suffix of suffixes) {
    let left = suffix.length;
    if (left > length) continue;
    while (left > 0 && suffix[left - 1] === word[length - suffix.length + left - 1]) left--;
    if (left === 0) return true;
  }
  return false;
}
