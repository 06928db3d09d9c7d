import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { certificateExamples } from "../testing/certificate-examples.js";
import { datagramRecord, extension, fragment, hex, message, RANDOM } from "../testing/messages.js";

const plugin = findPlugin(registry.plugins, "tls");

const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";
const HANDSHAKE = 22;
const CERTIFICATE = message.certificates(new X509Certificate(certificateExamples[0]!.pem).raw);

const hello = (cookie: string) =>
  message.clientHello({
    version: 0xfefd,
    cookie,
    extensions: [extension.serverName("coap.wireloom.example"), extension.of(14, hex("0004 0007 0008 00"))],
  });
const SERVER_HELLO = message.serverHello({
  version: 0xfefd,
  suite: 0xc02f,
  // One profile and no identifier of the master key (RFC 5764, section 4.1.1).
  extensions: [extension.of(14, hex("0002 0007 00"))],
});
const ENCRYPTED = datagramRecord(HANDSHAKE, 1, Buffer.alloc(40, 0xee));
const CHANGE_CIPHER_SPEC = datagramRecord(20, 0, hex("01"));

interface Datagram {
  readonly bytes: Uint8Array;
  readonly isFromServer?: boolean;
  readonly atSeconds?: number;
}

/** The handshake of RFC 6347, figure 1, with the certificate in two fragments. */
const FULL: readonly Datagram[] = [
  { bytes: datagramRecord(HANDSHAKE, 0, fragment(1, 0, hello(""))), atSeconds: 1 },
  {
    bytes: datagramRecord(HANDSHAKE, 0, fragment(3, 0, hex("feff 04 01020304"))),
    isFromServer: true,
    atSeconds: 1.01,
  },
  { bytes: datagramRecord(HANDSHAKE, 0, fragment(1, 1, hello("01020304"))) },
  {
    bytes: Buffer.concat([
      datagramRecord(HANDSHAKE, 0, fragment(2, 1, SERVER_HELLO)),
      datagramRecord(HANDSHAKE, 0, fragment(11, 2, CERTIFICATE, [0, 400])),
    ]),
    isFromServer: true,
  },
  {
    bytes: Buffer.concat([
      datagramRecord(HANDSHAKE, 0, fragment(11, 2, CERTIFICATE, [300, CERTIFICATE.length])),
      datagramRecord(HANDSHAKE, 0, fragment(12, 3, hex("03 0017 02 aabb 0403 0002 cccc"))),
      datagramRecord(HANDSHAKE, 0, fragment(14, 4, hex(""))),
    ]),
    isFromServer: true,
  },
  {
    bytes: Buffer.concat([
      datagramRecord(HANDSHAKE, 0, fragment(16, 2, hex("02 aabb"))),
      CHANGE_CIPHER_SPEC,
      ENCRYPTED,
    ]),
  },
  { bytes: Buffer.concat([CHANGE_CIPHER_SPEC, ENCRYPTED]), isFromServer: true, atSeconds: 1.5 },
];

function send(bench: DecoderBench, datagrams: readonly Datagram[], serverPort = 5684): void {
  for (const { bytes, isFromServer, atSeconds } of datagrams) {
    const ends = isFromServer
      ? { srcAddress: SERVER, srcPort: serverPort, dstAddress: CLIENT, dstPort: 40000 }
      : { srcAddress: CLIENT, srcPort: 40000, dstAddress: SERVER, dstPort: serverPort };
    bench.udp(bytes, atSeconds === undefined ? ends : { ...ends, atSeconds });
  }
}

function rowsOf(datagrams: readonly Datagram[], serverPort?: number) {
  const bench = new DecoderBench(plugin);
  send(bench, datagrams, serverPort);
  return bench.finish();
}

const ESTABLISHED = {
  state: "ESTABLISHED",
  transport: "UDP",
  src_address: CLIENT,
  frame_number: 1,
  response_frame: 4,
  certificate_frame: 5,
  latency: "0.010s",
  handshake_duration: "0.500s",
  version: "DTLS1_2",
  client_version: "DTLS1_2",
  server_name: "coap.wireloom.example",
  cipher_suite: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  group: "SECP256R1",
  hello_retries: 1,
  client_random: RANDOM.toString("hex"),
  srtp_profile: 7,
  resumed: false,
  certificate_count: 1,
  certificate_subject: certificateExamples[0]!.subject,
  malformed: false,
};

describe("a handshake of DTLS 1.2", () => {
  it("is one row, from the first ClientHello to the server's Finished", () => {
    expect(rowsOf(FULL)).toMatchObject([ESTABLISHED]);
  });

  it("accepts repeated datagrams, and fragments in any order", () => {
    const [first, retry, second, ...rest] = FULL;
    const again = [first!, first!, retry!, retry!, second!, rest[1]!, rest[0]!, rest[1]!, ...rest.slice(2)];
    expect(rowsOf(again)).toMatchObject([{ ...ESTABLISHED, response_frame: 7, certificate_frame: 7 }]);
  });

  it("on another port is recognised by its hello", () => {
    expect(rowsOf(FULL, 50000)).toMatchObject([{ state: "ESTABLISHED", dst_port: 50000 }]);
  });

  it("may be followed by another one between the same ports", () => {
    const other = Buffer.from(FULL[0]!.bytes);
    // The random after the headers of record and message, and the version.
    other[13 + 12 + 2 + 6] = 1;
    expect(rowsOf([...FULL, FULL[0]!, { bytes: other }])).toMatchObject([
      { state: "ESTABLISHED" },
      { state: "UNANSWERED", frame_number: 9 },
    ]);
  });

  it("has a JA4 of its own kind", () => {
    const [row] = rowsOf(FULL);
    // Two suites, SNI and one extension more.
    expect(row!["ja4"]).toMatch(/^dd2d020200_[0-9a-f]{12}_[0-9a-f]{12}$/);
  });
});

describe("a handshake of DTLS 1.3", () => {
  it("is over when both sides send records with short headers", () => {
    const offer = message.clientHello({
      version: 0xfefd,
      cookie: "",
      extensions: [extension.offeredVersions(0xfefc, 0xfefd), extension.keyShares(0x001d)],
    });
    const answer = message.serverHello({
      version: 0xfefd,
      suite: 0x1301,
      extensions: [extension.chosenVersion(0xfefc), extension.chosenShare(0x001d)],
    });
    // RFC 9147, section 4: 001 without connection id, with a sequence of 16 bits and a length.
    const encrypted = hex("2e 0001 0004 eeeeeeee");
    expect(
      rowsOf([
        { bytes: datagramRecord(HANDSHAKE, 0, fragment(1, 0, offer)) },
        { bytes: Buffer.concat([datagramRecord(HANDSHAKE, 0, fragment(2, 0, answer)), encrypted]), isFromServer: true },
        { bytes: encrypted },
      ]),
    ).toMatchObject([{ state: "ESTABLISHED", version: "DTLS1_3", group: "X25519", resumed: false }]);
  });
});

describe("a handshake that does not end", () => {
  it("fails with an alert of either side", () => {
    const alert = datagramRecord(21, 0, hex("02 28"));
    expect(rowsOf([FULL[0]!, { bytes: alert, isFromServer: true }])).toMatchObject([
      { state: "FAILED", alert: "HANDSHAKE_FAILURE", alert_sender: "SERVER", alert_frame: 2 },
    ]);
    expect(rowsOf([...FULL.slice(0, 5), { bytes: alert }])).toMatchObject([
      { state: "FAILED", alert_sender: "CLIENT", certificate_count: 1 },
    ]);
  });

  it("is a row after a minute", () => {
    const bench = new DecoderBench(plugin);
    send(bench, FULL.slice(0, 4));
    bench.advance(100);
    expect(bench.rows()).toMatchObject([{ state: "INCOMPLETE", version: "DTLS1_2" }]);
    send(bench, FULL.slice(4));
    expect(bench.finish()).toEqual([]);
  });

  it("has the client as its source where only the server was captured", () => {
    expect(rowsOf(FULL.filter(({ isFromServer }) => isFromServer).slice(1))).toMatchObject([
      { state: "INCOMPLETE", src_address: CLIENT, dst_port: 5684, client_version: null, version: "DTLS1_2" },
    ]);
  });
});

it("does not accept other datagrams", () => {
  const bench = new DecoderBench(plugin);
  send(bench, [{ bytes: hex("40 01 0001 b474657374") }]);
  expect(bench.finish()).toEqual([]);
  expect(bench.counters()).toMatchObject({ accepted: 0, notMine: 1 });
});

it("is malformed with a fragment that is longer than its message", () => {
  const bench = new DecoderBench(plugin);
  const broken = fragment(11, 2, CERTIFICATE, [0, 400]);
  broken.writeUIntBE(100, 1, 3);
  send(bench, [...FULL.slice(0, 3), { bytes: datagramRecord(HANDSHAKE, 0, broken), isFromServer: true }]);
  expect(bench.finish()).toMatchObject([{ state: "INCOMPLETE", malformed: true }]);
  expect(bench.counters()).toMatchObject({ malformed: 1 });
});

describe("any datagrams", () => {
  it("never throw", () => {
    const part = fc.uint8Array({ maxLength: 120 });
    const datagram = fc.oneof(
      part,
      part.map((bytes) => datagramRecord(HANDSHAKE, 0, bytes)),
      fc.tuple(fc.nat(30), fc.nat(5), part).map(([type, sequence, body]) => {
        return datagramRecord(HANDSHAKE, 0, fragment(type, sequence, body, [0, Math.min(50, body.length)]));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), datagram), { maxLength: 8 }), (list) => {
        rowsOf(list.map(([isFromServer, bytes]) => ({ bytes, isFromServer })));
      }),
    );
  });

  it("in place of some of a handshake never throw", () => {
    fc.assert(
      fc.property(fc.nat(FULL.length - 1), fc.nat(1000), fc.nat(255), (index, at, value) => {
        const changed = FULL.map((datagram) => ({ ...datagram, bytes: datagram.bytes.slice() }));
        const { bytes } = changed[index]!;
        bytes[at % bytes.length] = value;
        expect(rowsOf(changed).length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });
});
