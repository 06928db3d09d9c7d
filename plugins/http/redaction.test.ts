import { describe, expect, it } from "vitest";
import { connect, lines, OK } from "./testing/connection.js";

describe("credentials", () => {
  const request = lines(
    "GET http://bob:builder@a/?user=x&PASSWORD=secret&n=1#access_token=frag HTTP/1.1",
    "Authorization: Basic Ym9iOmJ1aWxkZXI=",
    "Cookie: session=secret",
    "Referer: http://a/?token=secret",
  );
  const response = OK("x", "Set-Cookie: session=secret", "Location: //eve:evil@b/?api_key=secret&x=y");
  const headers = { "http.request_headers": "cookie, Authorization", "http.response_headers": "set-cookie,location" };

  it("are replaced wherever they occur", () => {
    const { bench, connection } = connect(headers);
    connection.client(request);
    connection.server(response);
    const rows = bench.rows();
    expect(rows).toMatchObject([
      {
        target: "http://***@a/?user=x&PASSWORD=***&n=1#access_token=***",
        authorization_scheme: "Basic",
        referrer: "http://a/?token=***",
        request_headers: ["Authorization: ***", "Cookie: ***"],
        location: "//***@b/?api_key=***&x=y",
        response_headers: ["Set-Cookie: ***", "Location: //***@b/?api_key=***&x=y"],
        redacted: true,
      },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/secret|builder|evil|frag|Ym9i/);
  });

  it("are kept if the user chooses so", () => {
    const { bench, connection } = connect(headers, { http: "keep" });
    connection.client(request);
    connection.server(response);
    expect(bench.rows()).toMatchObject([
      {
        request_headers: ["Authorization: Basic Ym9iOmJ1aWxkZXI=", "Cookie: session=secret"],
        referrer: "http://a/?token=secret",
        redacted: false,
      },
    ]);
  });

  it.each([
    ["lone-token", null],
    ["token=secret", null],
    ["token=secret, x=y", null],
    ["secret, x", null],
    ["secret\tx", null],
    ['"secret" x', null],
    ["AWS4-HMAC-SHA256 Credential=x", "AWS4-HMAC-SHA256"],
    ["Bearer  x", "Bearer"],
    ["bearer x", "bearer"],
    ["ghp_0123456789 x", null],
    ["s3cr3t x=y", null],
  ])("of Authorization: %s have the scheme %s", (value, scheme) => {
    const { bench, connection } = connect();
    connection.client(lines("GET / HTTP/1.1", `Authorization: ${value}`));
    expect(bench.finish()).toMatchObject([{ authorization_scheme: scheme, redacted: true }]);
  });
});

it("hides user information in Host and in the target of CONNECT", () => {
  const { bench, connection } = connect();
  connection.client(lines("CONNECT bob:secret@a.example:443 HTTP/1.1", "Host: bob:secret@a.example"));
  expect(bench.finish()).toMatchObject([{ target: "***@a.example:443", host: "***@a.example", redacted: true }]);
});

it.each(["im:", "mailto:", "cookie: ", "a/b?c#", "a%40b", "s p a c e"])(
  "hides user information in Host and in the target of CONNECT that begins with %s",
  (beginning) => {
    const { bench, connection } = connect();
    const authority = `${beginning}:SECRET@h`;
    connection.client(lines(`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`));
    const rows = bench.finish();
    expect(rows).toMatchObject([{ host: "***@h", redacted: true }]);
    expect(JSON.stringify(rows)).not.toContain("SECRET");
  },
);

it("masks the texts of a whole protocol, and leaves its addresses", () => {
  const { bench, connection } = connect({}, { http: "mask" });
  connection.client(lines("GET /?token=SECRET HTTP/1.1", "Host: h"));
  expect(bench.finish()).toMatchObject([{ target: "/?token=***", src_address: "192.0.2.1", redacted: true }]);
});

describe.each([
  ["answered", true],
  ["unanswered", false],
])("a credential in a request that is %s", (_, isAnswered) => {
  const padding = "p".repeat(6_000);
  it.each([
    ["longer than its field", `bob:SECRET${padding}@h`],
    ["not UTF-8", "bob\xff:SECRET@h"],
    ["not UTF-8 and longer than its field", `b\xff\xc3:SECRET${padding}@h`],
  ])("is masked where it is %s", (_, authority) => {
    for (const action of ["mask", "prefix"] as const) {
      const names = ["host", "target", "referrer"].map((name) => [`http.${name}`, action] as const);
      const { bench, connection } = connect({ "http.request_headers": "referer" }, Object.fromEntries(names));
      for (const [target, ...fields] of [
        ["/", `Host: ${authority}`],
        ["/", "Host: h", `Referer: http://${authority}/`],
        [`http://${authority}/`, "Host: h"],
      ]) {
        connection.client(Buffer.from(lines(`GET ${target} HTTP/1.1`, ...fields), "latin1"));
        if (isAnswered) connection.server(OK("x"));
      }
      const rows = bench.finish();
      expect(rows).toHaveLength(3);
      expect(rows.map(({ redacted }) => redacted)).toEqual([true, true, true]);
      expect(JSON.stringify(rows)).not.toMatch(/SECRET|ppp/);
    }
  });
});

it("shows no credential at the beginning of a shortened value", () => {
  const { bench, connection } = connect({ "http.request_headers": "authorization" }, { http: "prefix" });
  const fields = ["Host: bob:secret@h", "Authorization: s3cr3t", "Referer: //bob:secret@h/"];
  connection.client(lines("CONNECT bob:secret@h:443 HTTP/1.1", ...fields));
  const rows = bench.finish();
  expect(rows).toMatchObject([{ target: "***@h:44", host: "***@h", redacted: true }]);
  expect(JSON.stringify(rows)).not.toMatch(/bob|sec|s3cr/);
});
