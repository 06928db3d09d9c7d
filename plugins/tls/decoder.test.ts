import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  ENCRYPTED,
  FULL,
  HANDSHAKE,
  rowsOf,
  SERVER_FLIGHT,
  send,
  start,
} from "./testing/handshake.js";
import { handshake, hex, message, record } from "./testing/messages.js";

describe("bytes that are missing", () => {
  it("inside a message lose that message alone", () => {
    const { bench, connection } = start();
    connection.open();
    send(connection, [FULL[0]!]);
    const flight = record(HANDSHAKE, ...SERVER_FLIGHT);
    const middle = 200;
    connection.server(flight.subarray(0, middle));
    // 100 bytes of the certificate are lost.
    connection.serverSegment(flight.subarray(middle + 100), { offset: 100 });
    bench.advance(20);
    const rest = flight.length - middle;
    connection.serverSegment(Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]), { offset: rest });
    send(connection, [FULL[2]!]);
    expect(bench.finish()).toMatchObject([
      { state: "ESTABLISHED", gap: true, certificate_count: null, group: "X25519", client_certificate_count: 1 },
    ]);
  });

  it("at the end of a record are skipped, up to the next record that begins a segment", () => {
    const { bench, connection } = start();
    connection.open();
    send(connection, [FULL[0]!]);
    connection.server(record(HANDSHAKE, ...SERVER_FLIGHT).subarray(0, 200));
    connection.serverSegment(Buffer.from("not a record"), { offset: 5000 });
    connection.serverSegment(Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]), { offset: 5012 });
    bench.advance(20);
    send(connection, [FULL[2]!]);
    expect(bench.finish()).toMatchObject([{ state: "ESTABLISHED", gap: true, version: "TLS1_2" }]);
  });
});

describe("a connection", () => {
  it("of another protocol is refused", () => {
    const { bench, connection } = start();
    connection.open();
    connection.client("GET / HTTP/1.1\r\n\r\n");
    expect(bench.finish()).toEqual([]);
    expect(bench.counters()).toMatchObject({ notMine: 1, accepted: 0 });
  });

  it("whose beginning was not captured is not a row", () => {
    const { bench, connection } = start();
    connection.client(record(APPLICATION_DATA, ENCRYPTED));
    connection.server(record(APPLICATION_DATA, ENCRYPTED));
    expect(bench.finish()).toEqual([]);
  });

  it("on another port is recognised by its hello", () => {
    const { bench, connection } = start(12345);
    connection.open();
    send(connection, FULL);
    expect(bench.finish()).toMatchObject([{ state: "ESTABLISHED", dst_port: 12345 }]);
  });

  it("on another port may send data before its hello", () => {
    const { bench, connection } = start(5432);
    connection.open();
    // PostgreSQL: SSLRequest and its response.
    connection.client(hex("00000008 04d2162f"));
    connection.server("S");
    send(connection, FULL);
    expect(bench.finish()).toMatchObject([{ state: "ESTABLISHED", frame_number: 6 }]);
  });

  it.each([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: www.wireloom.example\r\nUser-Agent: loom\r\n\r\n")],
    ["SSH", Buffer.from("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3 and more of it to make it long enough\r\n")],
    ["a record of data", record(APPLICATION_DATA, ENCRYPTED)],
    [
      "a hello of a version that does not exist",
      record(HANDSHAKE, handshake(1, message.clientHello({ version: 0x0505 }))),
    ],
  ])("on another port is not treated as %s", (_, first) => {
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

  it("omit a message that is too long, and continue after it", () => {
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

  it("refuse alerts that are longer than any alert can be", () => {
    expect(rowsOf(FULL[0]!, { server: record(21, Buffer.alloc(100)) })).toMatchObject([
      { state: "INCOMPLETE", malformed: true },
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
        const sent = FULL.map(({ client, server }) => ({ client: client?.slice(), server: server?.slice() }));
        for (const [index, at, value] of changes) {
          const part = sent[index]!.client ?? sent[index]!.server!;
          part[at % part.length] = value;
        }
        const rows = rowsOf(...sent.map(({ client, server }) => (client ? { client } : { server: server! })));
        expect(rows.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
