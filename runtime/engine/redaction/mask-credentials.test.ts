import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ByteSlot } from "../../record/byte-slot.js";
import { maskAuthority, maskCredentials, mayHaveCredentials } from "./mask-credentials.js";
import { EncodedCharacter } from "./percent-encoding.js";

function masked(text: string, isCut = false): { text: string; isMasked: boolean } {
  const slot = new ByteSlot(1 << 18);
  const bytes = new TextEncoder().encode(text);
  const isMasked = maskCredentials(slot, bytes, 0, bytes.length, isCut);
  return { text: new TextDecoder().decode(slot.bytes.subarray(0, slot.length)), isMasked };
}

function maskedAuthority(text: string): string {
  const slot = new ByteSlot(1 << 18);
  const bytes = new TextEncoder().encode(text);
  maskAuthority(slot, bytes, 0, bytes.length, false);
  return new TextDecoder().decode(slot.bytes.subarray(0, slot.length));
}

describe("an authority", () => {
  it("has no user information, whatever it consists of", () => {
    const user = fc.string({ unit: fc.constantFrom(..."im:mailto:acct:cookie: /?#%40@=&;\r\n\t aA") });
    fc.assert(
      fc.property(user, fc.constantFrom("@", "%40", "%2540"), (before, at) => {
        expect(maskedAuthority(`${before}SECRET${at}h`)).toBe(`***${at}h`);
      }),
    );
  });

  it.each(["a.example:443", "[2001:db8::1]:80", "", "a, b"])("%s remains", (text) => {
    expect(maskedAuthority(text)).toBe(text);
  });
});

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
    ["Cookie: a=1\r\n b=2", "Cookie: ***"],
    ["Authorization: Basic\rYm9i", "Authorization: ***"],
    ["X: a\rAuthorization: Basic pw", "X: a\rAuthorization: ***"],
    ["/\n?token=x", "/\n?token=***"],
    ["%?token=x", "%?token=***"],
    ["/?%=%2&%25=1&token=x", "/?%=%2&%25=1&token=***"],
    ["mailto:bob@a.example", "***@a.example"],
    ["im:pw@h/", "***@h/"],
    ["bob:p/w?x#y z@h:443", "***@h:443"],
    ["bob:pw%40h", "***%40h"],
    ["a/b?c#:pw@h", "***@h"],
    ["page?u=http://bob:pw@h/", "***@h/"],
    ["Referer: im:pw@h/", "Referer: ***@h/"],
    ["Referer: cookie: pw@h/x", "Referer: ***@h/x"],
    ["cookie: pw@h/x", "cookie: ***"],
    ["Location: bob:pw@h/", "Location: ***@h/"],
    ["X-Forwarded-Host: bob:p/w@h", "X-Forwarded-Host: ***@h"],
    ["Forwarded: for=192.0.2.1;host=bob:pw@h;proto=http", "Forwarded: ***@h;proto=http"],
    ["/#/access_token=x&state=y", "/#/access_token=***&state=y"],
    ["/a?b/token=x", "/a?b/token=***"],
    ["/token=ab/cd==/x?y=1", "/token=***?y=1"],
    ["/?a=1,token=x&b=2", "/?a=1,token=***&b=2"],
    ["/?a=1|token=x", "/?a=1|token=***"],
    ["token=x", "token=***"],
    ['/?q={"a":1,"token":"x"}&n=1', '/?q={"a":1,"token":***&n=1'],
    ["/?q=%7B%22user%22%3A%7B%22password%22%20%3A%22x%22%7D%7D", "/?q=%7B%22user%22%3A%7B%22password%22%20%3A***"],
    ["/?q={'secret':x}", "/?q={'secret':***"],
    ['/?q={"password"%0A%09\t:"x"}', '/?q={"password"%0A%09\t:***'],
    ["/?n=https:%2F/bob:pw@h", "/?n=https:%2F/***@h"],
    ["/?a=//bob:pw%40h/x", "/?a=//***%40h/x"],
    ["/?a=%2F%2Fbob:pw%2540h", "/?a=%2F%2F***%2540h"],
    ["/?n=https://bob:pw@h&mail=bob@h", "/?n=https://***@h&mail=bob@h"],
    [`/?token${"0".repeat(300)}=x`, `/?token${"0".repeat(300)}=***`],
    ['Link: <https://bob:pw@h>; title="a@b"', 'Link: <https://***@h>; title="a@b"'],
  ])("of %s are replaced", (text, expected) => {
    expect(mayHaveCredentials(new TextEncoder().encode(text), 0, text.length)).toBe(true);
    expect(masked(text)).toEqual({ text: expected, isMasked: true });
  });

  it.each([
    "/",
    "*",
    "a.example:443",
    "/users/@bob?page=2",
    "users/@bob?page=2",
    "page?mail=bob@a.example",
    "page?next=http://a.example/@bob",
    "/?next=https%3A%2F%2Fa.example&mail=bob@b.example",
    "/?next=https://a.example&user=bob@b.example&n=1",
    'Link: <https://a.example>; title="mail bob@b.example"',
    "X: https://a.example mail bob@b.example",
    'WWW-Authenticate: Bearer realm="a", error="invalid_token", error_code="3"',
    "/?sort[key]=name&country[code]=DE",
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
    "Accept: text/html",
    "From: bob@a.example",
    "",
  ])("are not found in %s", (text) => {
    expect(masked(text)).toEqual({ text, isMasked: false });
  });

  it.each([
    ...["password1", "new_password2", "id_token_hint", "user_pass", "authorization_code", "oauth_verifier", "SAMLart"],
    ...[
      "bearer",
      "pw",
      "secret_id",
      "SeCrEt_id",
      "app_key",
      "csrf",
      "_csrf",
      "refreshTokenValue",
      "refresh-token-value",
    ],
    ...["X-Authorization", "X-Auth", "user_auth", "session_key", "user_pin", "oauth", "userpwd", "X-Original-Cookie"],
    ...["otp1Code", "JWTAssertion", "token2Value", "APITokenValue", "X-Session"],
    ...["to%00ken", "to%c3%a9ken", "tok\u00e9en", "JSESSIONID", "X-Amz-Security-Token", "apiKey", "api key", "otp"],
    `${"a".repeat(300)}_token`,
    `token_${"a".repeat(40)}`,
  ])("are the values of %s", (name) => {
    for (const sign of ["?", "&", ";", "#", "/", "?a=1,", "?a=1|", "?user[", "%3F", "%2526"]) {
      expect(masked(`/a${sign}${name}=SECRET`).text).toBe(`/a${sign}${name}=***`);
    }
    expect(masked(`/?q={"${name}": "SECRET"}`).text).toBe(`/?q={"${name}":***`);
  });

  it.each([
    ...["tokenise", "keyword", "passage", "monkey", "country_code", "design", "pinned", "author", "session_count"],
    ...["author_key_count", "compass", "1", "%31", ""],
  ])("are not the values of %s", (name) => {
    expect(masked(`/a?${name}=x`)).toEqual({ text: `/a?${name}=x`, isMasked: false });
  });

  it.each([
    ...["X-Vault-Token", "Private-Token", "X-Amz-Security-Token", "Api-Key", "X-Goog-Api-Key", "X-CSRF-Token"],
    ...["authorization", "Set-Cookie2", "X-Session-Token", "PASSWORD"],
  ])("are the value of the header field %s", (name) => {
    expect(masked(`${name}: SECRET`).text).toBe(`${name}: ***`);
  });

  it("are not found in a parameter before the one that was truncated", () => {
    const text = `/cb?next=https%3A%2F%2Fa.example&b=${"c".repeat(20)}`;
    expect(masked(text, true)).toEqual({ text, isMasked: false });
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
      "a%3D",
      '" ',
      '"%20',
      '"token":',
      "a=/",
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
