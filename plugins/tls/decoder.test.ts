import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { certificateExamples } from "./certificate-examples-fixture.js";
import { extension, handshake, hex, message, RANDOM, record } from "./messages-fixture.js";

const plugin = findPlugin(registry.plugins, "tls");

const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const CHANGE_CIPHER_SPEC = record(20, hex("01"));
/** Finished and data as they are seen: bytes that say nothing. */
const ENCRYPTED = Buffer.alloc(60, 0xee);
const alert = (level: number, description: number) => record(21, Buffer.of(level, description));

const CERTIFICATE = new X509Certificate(certificateExamples[0]!.pem).raw;

const CLIENT_HELLO = handshake(
  1,
  message.clientHello({
    extensions: [
      extension.serverName("www.wireloom.example"),
      extension.groups(0x001d, 0x0017),
      extension.pointFormats(),
      extension.signatures(0x0403, 0x0804),
      extension.protocols("h2", "http/1.1"),
      extension.of(35, hex("")),
    ],
  }),
);
const SERVER_FLIGHT = [
  handshake(2, message.serverHello({ extensions: [extension.protocols("h2"), extension.of(35, hex(""))] })),
  handshake(11, message.certificates(CERTIFICATE)),
  handshake(22, hex("01 000002 aabb")),
  // A named curve, x25519, and a point (RFC 8422, section 5.4).
  handshake(12, hex("03 001d 02 aabb 0403 0002 cccc")),
  handshake(13, hex("01 40 0002 0403 0000")),
  handshake(14),
];
const CLIENT_FLIGHT = [handshake(11, message.certificates(CERTIFICATE)), handshake(16, hex("02 aabb"))];

interface Said {
  readonly client?: Uint8Array;
  readonly server?: Uint8Array;
  readonly atSeconds?: number;
}

/** A full TLS 1.2 handshake with certificates of both sides. */
const FULL: readonly Said[] = [
  { client: record(HANDSHAKE, CLIENT_HELLO), atSeconds: 1 },
  { server: record(HANDSHAKE, ...SERVER_FLIGHT), atSeconds: 1.02 },
  { client: Buffer.concat([record(HANDSHAKE, ...CLIENT_FLIGHT), CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]) },
  { server: record(HANDSHAKE, handshake(4, hex("00000000 0002 aabb"))) },
  { server: Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]), atSeconds: 1.05 },
];

const HELLO_13 = handshake(
  1,
  message.clientHello({
    sessionId: "aa".repeat(32),
    extensions: [
      extension.serverName("www.wireloom.example"),
      extension.offeredVersions(0x0a0a, 0x0304, 0x0303),
      extension.groups(0x11ec, 0x001d),
      extension.keyShares(0x001d),
      extension.of(65037, hex("00")),
      extension.of(42, hex("")),
      extension.of(41, hex("aabb")),
    ],
  }),
);
const ANSWER_13 = handshake(
  2,
  message.serverHello({
    suite: 0x1301,
    extensions: [extension.chosenVersion(0x0304), extension.chosenShare(0x001d), extension.of(41, hex("0000"))],
  }),
);

function start(serverPort = 443) {
  const bench = new DecoderBench(plugin);
  const connection = new TcpConversation(bench, { serverPort });
  return { bench, connection };
}

function say(connection: TcpConversation, said: readonly Said[]): void {
  for (const { client, server, atSeconds } of said) {
    const options = atSeconds === undefined ? {} : { atSeconds };
    if (client !== undefined) connection.client(client, options);
    if (server !== undefined) connection.server(server, options);
  }
}

function rowsOf(...said: readonly Said[]) {
  const { bench, connection } = start();
  connection.open();
  say(connection, said);
  return bench.finish();
}

/** Without what differs between two captures of the same bytes. */
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

  it("is the same whatever the size of records and segments", () => {
    const expected = withoutFrames(rowsOf(...FULL));
    const messages = Buffer.concat(SERVER_FLIGHT);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (recordBytes, segmentBytes) => {
        const records: Buffer[] = [];
        for (let at = 0; at < messages.length; at += recordBytes) {
          records.push(record(HANDSHAKE, messages.subarray(at, at + recordBytes)));
        }
        const parted = FULL.flatMap((said, i): Said[] => {
          const bytes = i === 1 ? Buffer.concat(records) : (said.client ?? said.server)!;
          const times = said.atSeconds === undefined ? {} : { atSeconds: said.atSeconds };
          return Array.from({ length: Math.ceil(bytes.length / segmentBytes) }, (_, n) => {
            const piece = bytes.subarray(n * segmentBytes, (n + 1) * segmentBytes);
            return said.client === undefined ? { server: piece, ...times } : { client: piece, ...times };
          });
        });
        expect(withoutFrames(rowsOf(...parted))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("resumes a session where the server leaves its certificate out", () => {
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

  it("without a list of certificates in the client's answer tells that it had none", () => {
    const [, , last] = FULL;
    const none = Buffer.concat([record(HANDSHAKE, handshake(11, message.certificates()), CLIENT_FLIGHT[1]!)]);
    expect(last).toBeDefined();
    expect(rowsOf(FULL[0]!, FULL[1]!, { client: none })).toMatchObject([
      { state: "INCOMPLETE", client_certificate_count: 0, client_certificate_subject: null },
    ]);
  });
});

describe("a handshake of TLS 1.3", () => {
  const encrypted = record(APPLICATION_DATA, ENCRYPTED);

  it("is over when both sides encrypt", () => {
    expect(
      rowsOf(
        { client: Buffer.concat([record(HANDSHAKE, HELLO_13), CHANGE_CIPHER_SPEC, encrypted]), atSeconds: 2 },
        { server: Buffer.concat([record(HANDSHAKE, ANSWER_13), CHANGE_CIPHER_SPEC, encrypted]), atSeconds: 2.01 },
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
        // The session id stands for nothing; the PSK does.
        resumption_offered: true,
        resumed: true,
        early_data_offered: true,
        certificate_count: null,
        session_ticket_issued: null,
        ocsp_stapled: null,
      },
    ]);
  });

  it("takes a session id for nothing", () => {
    const hello = message.clientHello({ sessionId: "aa".repeat(32), extensions: [extension.offeredVersions(0x0304)] });
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, hello)) })).toMatchObject([{ resumption_offered: false }]);
    const old = message.clientHello({ sessionId: "aa".repeat(32), extensions: [] });
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, old)) })).toMatchObject([{ resumption_offered: true }]);
  });

  it("counts the times that another ClientHello was asked for, and keeps the first", () => {
    // SHA-256 of "HelloRetryRequest" (RFC 8446, section 4.1.3).
    const random = hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
    const retry = handshake(2, message.serverHello({ random, extensions: [extension.chosenVersion(0x0304)] }));
    const second = message.clientHello({ extensions: [extension.serverName("second.example")] });
    expect(
      rowsOf(
        { client: record(HANDSHAKE, HELLO_13), atSeconds: 2 },
        { server: Buffer.concat([record(HANDSHAKE, retry), CHANGE_CIPHER_SPEC]), atSeconds: 2.5 },
        { client: Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, handshake(1, second))]) },
        { server: Buffer.concat([record(HANDSHAKE, ANSWER_13), encrypted]), atSeconds: 3 },
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
    [16, "TLS_AES_128_GCM_SHA256"],
    [8, "TLS_AES_128_CCM_8_SHA256"],
  ])("fails with an encrypted alert, which its length tells, with a tag of %i bytes", (tagBytes) => {
    expect(
      rowsOf(
        { client: record(HANDSHAKE, HELLO_13) },
        { server: Buffer.concat([record(HANDSHAKE, ANSWER_13), encrypted]) },
        { client: record(APPLICATION_DATA, Buffer.alloc(3 + tagBytes)) },
      ),
    ).toMatchObject([{ state: "FAILED", alert: null, alert_sender: "CLIENT", alert_frame: 6 }]);
  });

  it("reads drafts whose ServerHello has no session id", () => {
    const draft = Buffer.concat([hex("7f12"), RANDOM, hex("1301 0006 0028 0002 001d")]);
    expect(
      rowsOf({ client: record(HANDSHAKE, HELLO_13) }, { server: record(HANDSHAKE, handshake(2, draft)) }),
    ).toMatchObject([
      { version: "TLS1_3_DRAFT18", cipher_suite: "TLS_AES_128_GCM_SHA256", group: "X25519", malformed: false },
    ]);
  });
});

describe("an alert", () => {
  const hello = { client: record(HANDSHAKE, CLIENT_HELLO) };

  it("that is fatal ends the handshake", () => {
    expect(rowsOf(hello, { server: alert(2, 40), atSeconds: 0.5 })).toMatchObject([
      {
        state: "FAILED",
        latency: "0.500s",
        alert: "HANDSHAKE_FAILURE",
        alert_level: "FATAL",
        alert_sender: "SERVER",
        alert_frame: 5,
        version: null,
      },
    ]);
    expect(rowsOf(hello, FULL[1]!, { client: alert(2, 48) })).toMatchObject([
      { state: "FAILED", alert: "UNKNOWN_CA", alert_sender: "CLIENT", certificate_count: 1 },
    ]);
  });

  it("that closes the connection ends the handshake too", () => {
    expect(rowsOf(hello, { client: alert(1, 0) })).toMatchObject([
      { state: "FAILED", alert: "CLOSE_NOTIFY", alert_level: "WARNING", alert_sender: "CLIENT" },
    ]);
  });

  it("that warns does not", () => {
    expect(rowsOf(FULL[0]!, { server: alert(1, 112) }, ...FULL.slice(1))).toMatchObject([
      { state: "ESTABLISHED", alert: "UNRECOGNIZED_NAME", alert_level: "WARNING" },
    ]);
  });

  it("in an established connection is not seen", () => {
    const closing = record(21, Buffer.alloc(32));
    expect(rowsOf(...FULL, { client: closing }, { server: closing })).toMatchObject([
      { state: "ESTABLISHED", alert: null },
    ]);
  });
});

describe("a handshake that does not end", () => {
  const hello = { client: record(HANDSHAKE, CLIENT_HELLO) };

  it("is a row when its connection ends", () => {
    const { bench, connection } = start();
    connection.open();
    say(connection, [hello]);
    connection.close();
    expect(bench.rows()).toMatchObject([{ state: "UNANSWERED", server_name: "www.wireloom.example" }]);
    expect(bench.finish()).toEqual([]);
  });

  it("is a row after a minute", () => {
    const { bench, connection } = start();
    connection.open();
    say(connection, [hello, FULL[1]!]);
    bench.advance(70);
    expect(bench.rows()).toMatchObject([{ state: "INCOMPLETE", certificate_count: 1 }]);
    // What comes too late changes nothing.
    say(connection, FULL.slice(2));
    expect(bench.finish()).toEqual([]);
  });

  it("breaks off where an answer is not TLS", () => {
    expect(rowsOf(hello, { server: Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n") })).toMatchObject([
      { state: "INCOMPLETE", malformed: true },
    ]);
  });

  it("is told from a side that was not captured", () => {
    const further = Array.from({ length: 9 }, () => ({ client: record(APPLICATION_DATA, ENCRYPTED) }));
    expect(rowsOf(hello, ...further)).toMatchObject([{ state: "INCOMPLETE", version: null }]);
    const answers = Array.from({ length: 9 }, () => ({ server: record(APPLICATION_DATA, ENCRYPTED) }));
    expect(rowsOf({ server: record(HANDSHAKE, ANSWER_13) }, ...answers)).toMatchObject([
      { state: "INCOMPLETE", src_address: "192.0.2.1", dst_port: 443, client_version: null, version: "TLS1_3" },
    ]);
  });
});

describe("bytes that are missing", () => {
  it("inside a message lose that message alone", () => {
    const { bench, connection } = start();
    connection.open();
    say(connection, [FULL[0]!]);
    const flight = record(HANDSHAKE, ...SERVER_FLIGHT);
    const middle = 200;
    connection.server(flight.subarray(0, middle));
    // 100 bytes of the certificate never come.
    connection.serverSegment(flight.subarray(middle + 100), { offset: 100 });
    bench.advance(20);
    const rest = flight.length - middle;
    connection.serverSegment(Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]), { offset: rest });
    say(connection, [FULL[2]!]);
    expect(bench.finish()).toMatchObject([
      { state: "ESTABLISHED", gap: true, certificate_count: null, group: "X25519", client_certificate_count: 1 },
    ]);
  });

  it("over the end of a record are passed over up to the next one that begins a segment", () => {
    const { bench, connection } = start();
    connection.open();
    say(connection, [FULL[0]!]);
    connection.server(record(HANDSHAKE, ...SERVER_FLIGHT).subarray(0, 200));
    connection.serverSegment(Buffer.from("not a record"), { offset: 5000 });
    connection.serverSegment(Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]), { offset: 5012 });
    bench.advance(20);
    say(connection, [FULL[2]!]);
    expect(bench.finish()).toMatchObject([{ state: "ESTABLISHED", gap: true, version: "TLS1_2" }]);
  });
});

describe("a connection", () => {
  it("that carries something else is not this plugin's", () => {
    const { bench, connection } = start();
    connection.open();
    connection.client("GET / HTTP/1.1\r\n\r\n");
    expect(bench.finish()).toEqual([]);
    expect(bench.counters()).toMatchObject({ notMine: 1, accepted: 0 });
  });

  it("that is under way already makes no row", () => {
    const { bench, connection } = start();
    connection.client(record(APPLICATION_DATA, ENCRYPTED));
    connection.server(record(APPLICATION_DATA, ENCRYPTED));
    expect(bench.finish()).toEqual([]);
  });

  it("on another port is recognised by its hello", () => {
    const { bench, connection } = start(12345);
    connection.open();
    say(connection, FULL);
    expect(bench.finish()).toMatchObject([{ state: "ESTABLISHED", dst_port: 12345 }]);
  });

  it("on another port may speak before its hello", () => {
    const { bench, connection } = start(5432);
    connection.open();
    // PostgreSQL: SSLRequest and its answer.
    connection.client(hex("00000008 04d2162f"));
    connection.server("S");
    say(connection, FULL);
    expect(bench.finish()).toMatchObject([{ state: "ESTABLISHED", frame_number: 6 }]);
  });

  it.each([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: www.wireloom.example\r\nUser-Agent: loom\r\n\r\n")],
    ["SSH", Buffer.from("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3 and more of it to make it long enough\r\n")],
    ["a record of data", record(APPLICATION_DATA, ENCRYPTED)],
    ["a hello of a version that is none", record(HANDSHAKE, handshake(1, message.clientHello({ version: 0x0505 })))],
  ])("on another port is not taken for %s", (_, first) => {
    const { bench, connection } = start(12345);
    connection.open();
    connection.client(first);
    expect(bench.finish()).toEqual([]);
    expect(bench.counters()).toMatchObject({ accepted: 0, notMine: 0, malformed: 0 });
  });
});

describe("limits", () => {
  it("hold for the suites of a ClientHello, which then has no fingerprint", () => {
    const suites = Array.from({ length: 600 }, (_, i) => i);
    const [row] = rowsOf({ client: record(HANDSHAKE, handshake(1, message.clientHello({ suites, extensions: [] }))) });
    expect(row).toMatchObject({ limit_reached: true, ja3: null, ja4: null });
    expect(row!["offered_cipher_suites"]).toHaveLength(512);
  });

  it("leave out a message that is too long, and continue after it", () => {
    const long = handshake(11, Buffer.alloc(200_000));
    const records: Buffer[] = [];
    for (let at = 0; at < long.length; at += 16384) records.push(record(HANDSHAKE, long.subarray(at, at + 16384)));
    const rest = record(HANDSHAKE, handshake(14));
    const [row] = rowsOf(
      FULL[0]!,
      { server: record(HANDSHAKE, SERVER_FLIGHT[0]!) },
      ...records.map((server) => ({ server })),
      { server: rest },
      ...FULL.slice(2),
    );
    expect(row).toMatchObject({ state: "ESTABLISHED", limit_reached: true, certificate_count: null, resumed: false });
  });

  it("refuse alerts that are too long for any", () => {
    expect(rowsOf(FULL[0]!, { server: record(21, Buffer.alloc(100)) })).toMatchObject([
      { state: "INCOMPLETE", malformed: true },
    ]);
  });
});

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
  ])("%s and is a row all the same", (_, ja3, extensions) => {
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

  it("escapes what is not printable", () => {
    const hello = message.clientHello({
      extensions: [extension.serverName("a\\b\xff.example"), extension.protocols("\x00h", "\u008a\u008a")],
    });
    expect(rowsOf({ client: record(HANDSHAKE, handshake(1, hello)) })).toMatchObject([
      { server_name: "a\\\\b\\255.example", offered_alpn: ["\\000h", "\\138\\138"], malformed: false },
    ]);
  });
});

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

  it("of version 2 are answered with a certificate", () => {
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

describe("any bytes", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });

  it("of either side never throw", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), bytes), { maxLength: 8 }), (segments) => {
        rowsOf(...segments.map(([isClient, part]) => (isClient ? { client: part } : { server: part })));
      }),
    );
  });

  it("in place of some of a handshake never throw, and make one row at most", () => {
    const change = fc.tuple(fc.nat(FULL.length - 1), fc.nat(2000), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const said = FULL.map(({ client, server }) => ({ client: client?.slice(), server: server?.slice() }));
        for (const [index, at, value] of changes) {
          const part = said[index]!.client ?? said[index]!.server!;
          part[at % part.length] = value;
        }
        const rows = rowsOf(...said.map(({ client, server }) => (client ? { client } : { server: server! })));
        expect(rows.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
