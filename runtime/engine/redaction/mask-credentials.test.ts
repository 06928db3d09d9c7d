import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteSlot } from "../../record/byte-slot.js";
import { maskCredentials, mayHaveCredentials } from "./mask-credentials.js";

function masked(text: string, isCut = false): { text: string; isMasked: boolean } {
  const slot = new ByteSlot(4096);
  const bytes = new TextEncoder().encode(text);
  const isMasked = maskCredentials(slot, bytes, 0, bytes.length, isCut);
  return { text: new TextDecoder().decode(slot.bytes.subarray(0, slot.length)), isMasked };
}

describe("credentials", () => {
  it.each([
    [
      "http://bob:builder@a/?user=x&PASSWORD=secret&n=1#access_token=frag",
      "http://***@a/?user=x&PASSWORD=***&n=1#access_token=***",
    ],
    ["//eve:evil@b/?api_key=secret&x=y", "//***@b/?api_key=***&x=y"],
    ["/login?code=secret;next=/a?token=other", "/login?code=***;next=/a?token=***"],
    ["bob:secret@a.example:443", "***@a.example:443"],
    ["a@b@c.example", "***@c.example"],
    ["ftp://user:p@ss@h/@x", "ftp://***@h/@x"],
    ["Authorization: Basic Ym9i", "Authorization: ***"],
    ["x-api-key: 1", "x-api-key: ***"],
    ["Host: bob:secret@h", "Host: ***@h"],
    ["Location: https://bob@h/?sig=1", "Location: https://***@h/?sig=***"],
  ])("of %s are replaced", (text, expected) => {
    expect(mayHaveCredentials(new TextEncoder().encode(text), 0, text.length)).toBe(true);
    expect(masked(text)).toEqual({ text: expected, isMasked: true });
  });

  it.each([
    "/",
    "*",
    "a.example:443",
    "/users/@bob?page=2",
    "/?token=&token",
    "http://a.example/?tokens=1",
    "mailto:bob@a.example",
    "Accept: text/html",
    "From: bob@a.example",
    "",
  ])("are not found in %s", (text) => {
    expect(masked(text)).toEqual({ text, isMasked: false });
  });

  it("may begin at the end of a truncated text, which is then masked", () => {
    expect(masked("http://bob:sec", true)).toEqual({ text: "http://***", isMasked: true });
    expect(masked("http://a.example/?token=sec", true)).toEqual({
      text: "http://a.example/?token=***",
      isMasked: true,
    });
  });

  it("are not found in a truncated header field", () => {
    expect(masked("Accept-Language: aaaaaa", true)).toEqual({ text: "Accept-Language: aaaaaa", isMasked: false });
    expect(masked("Location: http://bob:sec", true)).toEqual({ text: "Location: http://***", isMasked: true });
  });

  it("are always masked, whatever surrounds them", () => {
    const part = fc.string({ maxLength: 12 }).map((text) => text.replaceAll("SECRET", ""));
    fc.assert(
      fc.property(part, part, (before, after) => {
        expect(masked(`http://${before.replaceAll(/[/?#]/g, "")}:SECRET@h/${after}`).text).not.toContain("SECRET");
        expect(masked(`/${before}?token=SECRET&${after}`).text).not.toContain("SECRET");
        expect(masked(`cookie: ${before}SECRET${after}`).text).toBe("cookie: ***");
      }),
    );
  });

  it("occur only in a text with one of their delimiters", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = new TextEncoder().encode(text);
        if (!mayHaveCredentials(bytes, 0, bytes.length))
          expect(masked(text).text).toBe(new TextDecoder().decode(bytes));
      }),
    );
  });
});
