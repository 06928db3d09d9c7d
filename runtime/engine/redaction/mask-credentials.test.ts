import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ByteSlot } from "../../record/byte-slot.js";
import { maskCredentials, mayHaveCredentials } from "./mask-credentials.js";
import { EncodedCharacter } from "./percent-encoding.js";

function masked(text: string, isCut = false): { text: string; isMasked: boolean } {
  const slot = new ByteSlot(1 << 18);
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
    ["/login?code=secret;next=/a?token=other", "/login?code=***"],
    ["bob:secret@a.example:443", "***@a.example:443"],
    ["a@b@c.example", "***@c.example"],
    ["ftp://user:p@ss@h/@x", "ftp://***@h/@x"],
    ["Authorization: Basic Ym9i", "Authorization: ***"],
    ["x-api-key: 1", "x-api-key: ***"],
    ["Host: bob:secret@h", "Host: ***@h"],
    ["Location: https://bob@h/?sig=1", "Location: https://***@h/?sig=***"],
    ["/app;jsessionid=1F3A/page;v=2?q=1", "/app;jsessionid=***/page;v=2?q=1"],
    ["/?password=;a&x=1", "/?password=***&x=1"],
    ["/?token=;next=1", "/?token=***"],
    ["/app;a=1;sid=x&y;b=2#f", "/app;a=1;sid=***;b=2#f"],
    ["/?a=1;token=x/y?z;b=2&c=3", "/?a=1;token=***;b=2&c=3"],
    ["/?password=a;b/c?d&x=1", "/?password=***&x=1"],
    ["/?next=https://bob:pw@h/&n=1", "/?next=https://***@h/&n=1"],
    ["/?next=https%3A%2F%2Fbob%3Apw%40h%2F%3Ftoken%3Dx%26b&n=1", "/?next=https%3A%2F%2F***%40h%2F%3Ftoken%3D***&n=1"],
    ["/?u=a%253A%252F%252Fbob:pw%2540h%252F", "/?u=a%253A%252F%252F***%2540h%252F"],
    ["https://bob:p%2Fw%40x@h/", "https://***@h/"],
    ["/reset%3Ftoken%3Dabc", "/reset%3Ftoken%3D***"],
    ["/?pass%77ord=x", "/?pass%77ord=***"],
    ["/?access-token=x&oauth_token=y&accessToken=z", "/?access-token=***&oauth_token=***&accessToken=***"],
    [
      "/?user[password]=x&token[]=y&token%5B%5D=z&auth.secret=w",
      "/?user[password]=***&token[]=***&token%5B%5D=***&auth.secret=***",
    ],
    [
      "/?private_key=a&Ocp-Apim-Subscription-Key=b&SharedAccessKey=c",
      "/?private_key=***&Ocp-Apim-Subscription-Key=***&SharedAccessKey=***",
    ],
    ["/a?x=1&amp;token=y", "/a?x=1&amp;token=***"],
    ["Link: </a>, <https://bob:pw@h/>", "Link: </a>, <https://***@h/>"],
    ["Host: mailto:pw@h", "Host: ***@h"],
    ["Host: a, bob:pw@h", "Host: ***@h"],
    ["Host: a\r\n bob:pw@h", "Host: a\r\n***@h"],
    ["Cookie: a=1\r\n b=2", "Cookie: ***\r\n***"],
    ["X: a\rAuthorization: Basic pw", "X: a\rAuthorization: ***"],
    ["/\n?token=x", "/\n?token=***"],
    ["%?token=x", "%?token=***"],
    ["/?%=%2&%25=1&token=x", "/?%=%2&%25=1&token=***"],
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
    "/app;sid=/page",
    "/app;sid=?x",
    "/app;sid=;v=1",
    "/?token=#next",
    "/?a=%40&b=//%40",
    "//@types/node",
    "https://a.example//b%40c",
    "/?tokenise=1&keyword=2&passage=3&monkey=4",
    "100%",
    "%2",
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
        expect(
          masked(`/?u=${encodeURIComponent(`http://bob:SECRET@h/${before}?token=SECRET`)}&${after}`).text,
        ).not.toContain("SECRET");
        expect(masked(`cookie: ${before}SECRET${after}`).text).toBe("cookie: ***");
      }),
    );
  });

  it("are masked without any other change", () => {
    const text = fc.string({ unit: fc.constantFrom(..."/?#&;=@:%235FftokenTOKEN\r ") });
    fc.assert(
      fc.property(text, fc.boolean(), (value, isCut) => {
        const { text: found, isMasked } = masked(value, isCut);
        const parts = found.split("***").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
        expect(value).toMatch(new RegExp(`^${parts.join("[^]+")}$`));
        expect(isMasked).toBe(parts.length > 1);
      }),
    );
  });

  it("are found in steps whose number grows with the length of the text", () => {
    const read = vi.spyOn(EncodedCharacter.prototype, "read");
    onTestFinished(() => read.mockRestore());
    for (const part of [
      "//",
      "%2F%2F",
      "?token",
      "?token=&",
      "%25",
      "%2525",
      "a\r",
      "@//",
      "&k[",
      ";sid=",
      "//%2F%2F%252F%252F",
    ]) {
      read.mockClear();
      masked(part.repeat(Math.floor(6000 / part.length)));
      expect(read.mock.calls.length).toBeLessThan(30_000);
    }
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
