import { describe, expect, it } from "vitest";
import { HANDSHAKE, rowsOf } from "../testing/handshake.js";
import { extension, handshake, hex, message, RANDOM, record } from "../testing/messages.js";

describe("a hello that breaks the format", () => {
  // JA3 with md5sum of `771,4865-49199,,,` and the same with the extension's number.
  it.each([
    [
      "has an extension that is too long",
      "6ac28f635e78b6e59638f7a1e035f458",
      [Buffer.concat([hex("0000 00ff"), RANDOM])],
    ],
    ["has a name that is too long", "349640b9e304f8ea23a8e0f71dde2248", [extension.of(0, hex("0003 00 00ff"))]],
    ["has an odd list of groups", "929d0f57f1de5b5b28a826a6bb1eb374", [extension.of(10, hex("0003 001d00"))]],
  ])("%s and is still a row", (_, ja3, extensions) => {
    const hello = message.clientHello({ extensions });
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, hello)) })).toMatchObject([
      { state: "UNANSWERED", malformed: true, client_version: "TLS1_2", ja3 },
    ]);
  });

  it("before its extensions has no fingerprint", () => {
    const hello = Buffer.concat([hex("0303"), RANDOM, hex("00 0040 1301")]);
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, hello)) })).toMatchObject([
      { malformed: true, offered_cipher_suites: [], ja3: null, ja4: null },
    ]);
  });

  it("escapes characters that are not printable", () => {
    const hello = message.clientHello({
      extensions: [extension.serverName("a\\b\xff.example"), extension.protocols("\x00h", "\u008a\u008a")],
    });
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, hello)) })).toMatchObject([
      { server_name: "a\\\\b\\255.example", offered_alpn: ["\\000h", "\\138\\138"], malformed: false },
    ]);
  });
});
