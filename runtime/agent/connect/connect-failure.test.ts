import { Code, ConnectError } from "@connectrpc/connect";
import { expect, it } from "vitest";
import { describeFailure } from "../describe-failure.js";
import { transportError } from "./connect-failure.js";

const URL = "https://collector.example:4973";

it.each([
  ["CERT_NOT_YET_VALID", "certificate is not yet valid", /check the clocks of both machines$/],
  ["CERT_HAS_EXPIRED", "certificate has expired", /renew its certificate, or its authority's$/],
  ["INVALID_PURPOSE", "unsuitable certificate purpose", /have a certificate made for servers$/],
  ["EPROTO", "80CC44E2567F0000:error:0A00010B\n", /does not speak TLS\); use http/],
  [
    "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
    "80CC44E2567F0000:error:0A000410:SSL routines\n:rec_layer_s3.c:1601:SSL alert number 40\n",
    /^[^\n]*no TLS connection could be made: ssl\/tls alert handshake failure\); have a certificate made whose key/,
  ],
])("%s is reported in one line, with what can be done about it", (code, message, expected) => {
  const cause = Object.assign(new Error(message), { code, reason: "ssl/tls alert handshake failure" });
  const reason = new ConnectError(message, Code.Unavailable, undefined, undefined, cause);
  const text = describeFailure(`the collector at ${URL}`, transportError(URL, reason), false);
  expect(text).toMatch(expected);
  expect(text).not.toContain("\n");
});
