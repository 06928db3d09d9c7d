import { describe, expect, it } from "vitest";
import {
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  CLIENT_HELLO_13,
  ENCRYPTED,
  HANDSHAKE,
  rowsOf,
  SERVER_HELLO_13,
} from "../testing/handshake.js";
import { extension, handshake, hex, message, RANDOM, record } from "../testing/messages.js";

describe("a handshake of TLS 1.3", () => {
  const encrypted = record(APPLICATION_DATA, ENCRYPTED);

  it("ends when both sides encrypt", () => {
    expect(
      rowsOf(
        { client: Buffer.concat([record(HANDSHAKE, CLIENT_HELLO_13), CHANGE_CIPHER_SPEC, encrypted]), atSeconds: 2 },
        { server: Buffer.concat([record(HANDSHAKE, SERVER_HELLO_13), CHANGE_CIPHER_SPEC, encrypted]), atSeconds: 2.01 },
        { client: encrypted, atSeconds: 2.03 },
      ),
    ).toMatchObject([
      {
        state: "ESTABLISHED",
        version: "TLS1_3",
        latency: "0.010s",
        handshake_duration: "0.030s",
        offered_versions: [0x0a0a, "TLS1_3", "TLS1_2"],
        offered_groups: ["X25519MLKEM768", "X25519"],
        key_share_groups: ["X25519"],
        group: "X25519",
        grease: true,
        encrypted_client_hello: true,
        // The PSK offers a resumption, the session id does not.
        resumption_offered: true,
        resumed: true,
        early_data_offered: true,
        certificate_count: null,
        session_ticket_issued: null,
        ocsp_stapled: null,
      },
    ]);
  });

  it("does not take a session id for an offered resumption", () => {
    const hello = message.clientHello({ sessionId: "aa".repeat(32), extensions: [extension.offeredVersions(0x0304)] });
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, hello)) })).toMatchObject([{ resumption_offered: false }]);
    const old = message.clientHello({ sessionId: "aa".repeat(32), extensions: [] });
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, old)) })).toMatchObject([{ resumption_offered: true }]);
  });

  it("counts the requests for another ClientHello, and keeps the first", () => {
    // SHA-256 of "HelloRetryRequest" (RFC 8446, section 4.1.3).
    const random = hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
    const retry = handshake(2, message.serverHello({ random, extensions: [extension.chosenVersion(0x0304)] }));
    const second = message.clientHello({ extensions: [extension.serverName("second.example")] });
    expect(
      rowsOf(
        { client: record(HANDSHAKE, CLIENT_HELLO_13), atSeconds: 2 },
        { server: Buffer.concat([record(HANDSHAKE, retry), CHANGE_CIPHER_SPEC]), atSeconds: 2.5 },
        { client: Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, handshake(1, second))]) },
        { server: Buffer.concat([record(HANDSHAKE, SERVER_HELLO_13), encrypted]), atSeconds: 3 },
        { client: encrypted },
      ),
    ).toMatchObject([
      {
        state: "ESTABLISHED",
        hello_retries: 1,
        latency: "0.500s",
        response_frame: 7,
        server_name: "www.wireloom.example",
        key_share_groups: ["X25519"],
      },
    ]);
  });

  it.each([
    [16, 0x1301, "TLS_AES_128_GCM_SHA256"],
    [8, 0x1305, "TLS_AES_128_CCM_8_SHA256"],
  ])(
    "fails with an encrypted alert, which is recognised by its length, with a tag of %i bytes",
    (tagBytes, suite, name) => {
      const hello = handshake(2, message.serverHello({ suite, extensions: [extension.chosenVersion(0x0304)] }));
      expect(
        rowsOf(
          { client: record(HANDSHAKE, CLIENT_HELLO_13) },
          { server: Buffer.concat([record(HANDSHAKE, hello), encrypted]) },
          { client: record(APPLICATION_DATA, Buffer.alloc(3 + tagBytes)) },
        ),
      ).toMatchObject([{ state: "FAILED", alert: null, alert_sender: "CLIENT", alert_frame: 6, cipher_suite: name }]);
    },
  );

  it("reads drafts whose ServerHello has no session id", () => {
    const draft = Buffer.concat([hex("7f12"), RANDOM, hex("1301 0006 0028 0002 001d")]);
    expect(
      rowsOf({ client: record(HANDSHAKE, CLIENT_HELLO_13) }, { server: record(HANDSHAKE, handshake(2, draft)) }),
    ).toMatchObject([
      { version: "TLS1_3_DRAFT18", cipher_suite: "TLS_AES_128_GCM_SHA256", group: "X25519", malformed: false },
    ]);
  });
});
