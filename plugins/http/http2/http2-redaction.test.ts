import { describe, expect, it } from "vitest";
import { connect } from "./testing/connection.js";
import { fields, headers, requestFields, responseFields } from "./testing/frames.js";

describe("credentials in HTTP/2", () => {
  const request = requestFields(
    "GET",
    "/x?token=secret&n=1",
    ["cookie", "session=secret"],
    ["authorization", "Bearer secret"],
    ["cookie", "theme=dark"],
    ["referer", "http://bob:secret@a/"],
  );
  const response = responseFields(302, ["set-cookie", "id=secret"], ["location", "/login?code=secret"]);
  const chosen = {
    "http.request_headers": "cookie,authorization",
    "http.response_headers": "set-cookie,location",
  };

  it("are replaced, and the fields of a cookie are joined (RFC 9113, section 8.2.3)", () => {
    const { bench, connection } = connect(chosen);
    connection.client(headers(1, request));
    connection.server(headers(1, response));
    const rows = bench.rows();
    expect(rows).toMatchObject([
      {
        target: "/x?token=***&n=1",
        authorization_scheme: "Bearer",
        referrer: "http://***@a/",
        request_headers: ["authorization: ***", "cookie: ***"],
        location: "/login?code=***",
        response_headers: ["set-cookie: ***", "location: /login?code=***"],
        redacted: true,
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain("secret");
  });

  it("are kept if the user chooses so", () => {
    const { bench, connection } = connect(chosen, { http: "keep" });
    connection.client(headers(1, request));
    connection.server(headers(1, response));
    expect(bench.rows()).toMatchObject([
      {
        target: "/x?token=secret&n=1",
        request_headers: ["authorization: Bearer secret", "cookie: session=secret; theme=dark"],
        redacted: false,
      },
    ]);
  });

  it("are replaced in an authority too", () => {
    const { bench, connection } = connect();
    connection.client(
      headers(
        1,
        fields([
          [":method", "CONNECT"],
          [":authority", "bob:secret@b.example:443"],
        ]),
      ),
    );
    expect(bench.finish()).toMatchObject([{ host: "***@b.example:443", target: "***@b.example:443", redacted: true }]);
  });
});
