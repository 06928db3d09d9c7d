import { describe, expect, it } from "vitest";
import { certificateExamples } from "../testing/certificate-examples.js";
import { CERTIFICATE, FULL, HANDSHAKE, rowsOf } from "../testing/handshake.js";
import { handshake, hex, message, record } from "../testing/messages.js";

describe("hellos of SSL", () => {
  // RFC 5246, appendix E.2: length 9 + 6 + 16, CLIENT-HELLO, version, cipher specs, session id, challenge.
  const compatible = (version: string) => hex(`801f 01 ${version} 0006 0000 0010 00002f 010080`, "77".repeat(16));

  it("of version 2 for a later one are read, and the handshake continues", () => {
    expect(rowsOf({ client: compatible("0301") }, ...FULL.slice(1))).toMatchObject([
      {
        state: "ESTABLISHED",
        client_version: "TLS1_0",
        version: "TLS1_2",
        offered_cipher_suites: ["TLS_RSA_WITH_AES_128_CBC_SHA", "SSL2_RC4_128_WITH_MD5"],
        client_random: null,
        ja3: null,
      },
    ]);
  });

  it("of version 2 get a response with a certificate", () => {
    const certificate = Buffer.from(CERTIFICATE);
    const parts = Buffer.alloc(6);
    parts.writeUInt16BE(certificate.length, 0);
    parts.writeUInt16BE(3, 2);
    parts.writeUInt16BE(16, 4);
    const body = Buffer.concat([hex("04 00 01 0002"), parts, certificate, hex("010080"), Buffer.alloc(16)]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(0x8000 | body.length);
    expect(rowsOf({ client: compatible("0002") }, { server: Buffer.concat([length, body]) })).toMatchObject([
      { state: "INCOMPLETE", version: "SSL2", certificate_subject: certificateExamples[0]!.subject, malformed: false },
    ]);
  });

  it("of version 3 have no extensions", () => {
    // The first hash: `printf 0004,0005 | sha256sum | cut -c1-12`
    const hello = message.clientHello({ version: 0x0300, suites: [4, 5] });
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, hello)) })).toMatchObject([
      { client_version: "SSL3", client_extensions: [], malformed: false, ja4: "ts3i020000_6e254592683c_000000000000" },
    ]);
  });
});
