/** Whether `text` contains `part`, ignoring case; both are converted to lower case by {@link simpleLowerCase}. */
export function containsText(text: string, lowerPart: string): boolean {
  return simpleLowerCase(text).includes(lowerPart);
}

/**
 * Lower case, a character for a character, as databases do it: without the rules that look at neighbours (a final
 * sigma) or give two characters for one (U+0130).
 */
export function simpleLowerCase(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII, whose case mapping has no such rules.
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  let lower = "";
  for (const character of text) lower += character === "İ" ? "i" : character.toLowerCase();
  return lower;
}

const ANY_TEXT = -1;
const ONE_CHARACTER = -2;

/**
 * A test for a `like` pattern: `%` is any text, `_` one character, `\` takes the meaning from the character after it.
 * Takes time in proportion to the lengths of pattern and text at worst, whatever the pattern.
 */
export function createLikeTest(pattern: string): (text: string) => boolean {
  const tokens = likeTokens(pattern);
  return (text) => {
    const characters = Array.from(text, (character) => character.codePointAt(0)!);
    let token = 0;
    let at = 0;
    let anyToken = -1;
    let anyEnd = 0;
    while (at < characters.length) {
      if (tokens[token] === ONE_CHARACTER || tokens[token] === characters[at]) {
        token++;
        at++;
      } else if (tokens[token] === ANY_TEXT) {
        anyToken = token++;
        anyEnd = at;
      } else if (anyToken >= 0) {
        // Only the last `%` has to be tried again: an earlier one already matches as little as possible.
        token = anyToken + 1;
        at = ++anyEnd;
      } else {
        return false;
      }
    }
    while (tokens[token] === ANY_TEXT) token++;
    return token === tokens.length;
  };
}

function likeTokens(pattern: string): number[] {
  const tokens: number[] = [];
  let isEscaped = false;
  for (const character of pattern) {
    if (!isEscaped && character === "\\") {
      isEscaped = true;
      continue;
    }
    if (!isEscaped && character === "%") tokens.push(ANY_TEXT);
    else if (!isEscaped && character === "_") tokens.push(ONE_CHARACTER);
    else tokens.push(character.codePointAt(0)!);
    isEscaped = false;
  }
  return tokens;
}

/** Regular expression (RE2, with `s`) that matches whole texts as the `like` pattern does. */
export function likeExpression(pattern: string): string {
  return likeTokens(pattern)
    .map((token) => {
      if (token === ANY_TEXT) return ".*";
      return token === ONE_CHARACTER ? "." : `\\x{${token.toString(16)}}`;
    })
    .join("");
}

/** Order of two texts by code point, which is the order of their UTF-8 bytes and so the databases'. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    // Surrogates stand for code points above all others, and are below U+E000 to U+FFFF as UTF-16 units.
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
