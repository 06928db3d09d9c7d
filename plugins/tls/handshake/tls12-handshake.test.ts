import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { certificateExamples } from "../testing/certificate-examples.js";
import {
  CHANGE_CIPHER_SPEC,
  CLIENT_FLIGHT,
  ENCRYPTED,
  FULL,
  HANDSHAKE,
  rowsOf,
  SERVER_FLIGHT,
  type Sent,
} from "../testing/handshake.js";
import { extension, handshake, hex, message, RANDOM, record } from "../testing/messages.js";

/** The rows without the columns that differ between two captures of the same bytes. */
function withoutFrames(rows: readonly Readonly<Record<string, unknown>>[]) {
  const differing = new Set(["id", "time", "frame_number", "response_frame", "certificate_frame", "alert_frame"]);
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !differing.has(name))));
}

describe("a handshake of TLS 1.2", () => {
  it("is one row of both sides", () => {
    expect(rowsOf(...FULL)).toMatchObject([
      {
        src_address: "192.0.2.1",
        dst_address: "192.0.2.53",
        dst_port: 443,
        transport: "TCP",
        frame_number: 4,
        response_frame: 5,
        certificate_frame: 5,
        state: "ESTABLISHED",
        latency: "0.020s",
        handshake_duration: "0.050s",
        version: "TLS1_2",
        client_version: "TLS1_2",
        server_name: "www.wireloom.example",
        offered_alpn: ["h2", "http/1.1"],
        alpn: "h2",
        offered_cipher_suites: ["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
        cipher_suite: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        offered_groups: ["X25519", "SECP256R1"],
        group: "X25519",
        signature_algorithms: ["ECDSA_SECP256R1_SHA256", "RSA_PSS_RSAE_SHA256"],
        point_formats: ["UNCOMPRESSED"],
        server_extensions: ["APPLICATION_LAYER_PROTOCOL_NEGOTIATION", "SESSION_TICKET"],
        grease: false,
        encrypted_client_hello: false,
        resumption_offered: false,
        resumed: false,
        early_data_offered: false,
        client_random: RANDOM.toString("hex"),
        compression_method: 0,
        session_ticket_issued: true,
        ocsp_stapled: true,
        certificate_count: 1,
        certificate_key_bits: 1024,
        client_certificate_requested: true,
        client_certificate_count: 1,
        client_certificate_subject: certificateExamples[0]!.subject,
        alert: null,
        malformed: false,
        gap: false,
      },
    ]);
  });

  it("gives the same row whatever the size of records and segments", () => {
    const expected = withoutFrames(rowsOf(...FULL));
    const messages = Buffer.concat(SERVER_FLIGHT);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (recordBytes, segmentBytes) => {
        const records: Buffer[] = [];
        for (let at = 0; at < messages.length; at += recordBytes) {
          records.push(record(HANDSHAKE, messages.subarray(at, at + recordBytes)));
        }
        const split = FULL.flatMap((sent, i): Sent[] => {
          const bytes = i === 1 ? Buffer.concat(records) : (sent.client ?? sent.server)!;
          const times = sent.atSeconds === undefined ? {} : { atSeconds: sent.atSeconds };
          return Array.from({ length: Math.ceil(bytes.length / segmentBytes) }, (_, n) => {
            const piece = bytes.subarray(n * segmentBytes, (n + 1) * segmentBytes);
            return sent.client === undefined ? { server: piece, ...times } : { client: piece, ...times };
          });
        });
        expect(withoutFrames(rowsOf(...split))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("resumes a session where the server omits its certificate", () => {
    const hello = handshake(
      1,
      message.clientHello({ extensions: [extension.of(35, hex("aabbcc")), extension.serverName("a.example")] }),
    );
    const finished = Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]);
    expect(
      rowsOf(
        { client: record(HANDSHAKE, hello) },
        { server: Buffer.concat([record(HANDSHAKE, handshake(2, message.serverHello())), finished]) },
        { client: finished },
      ),
    ).toMatchObject([{ state: "ESTABLISHED", resumption_offered: true, resumed: true, certificate_count: null }]);
  });

  it("has a count of 0 if the client sends an empty list of certificates", () => {
    const [, , last] = FULL;
    const none = Buffer.concat([record(HANDSHAKE, handshake(11, message.certificates()), CLIENT_FLIGHT[1]!)]);
    expect(last).toBeDefined();
    expect(rowsOf(FULL[0]!, FULL[1]!, { client: none })).toMatchObject([
      { state: "INCOMPLETE", client_certificate_count: 0, client_certificate_subject: null },
    ]);
  });
});
