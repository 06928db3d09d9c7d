import { describe, expect, it } from "vitest";
import {
  APPLICATION_DATA,
  alert,
  CLIENT_HELLO,
  ENCRYPTED,
  FULL,
  HANDSHAKE,
  rowsOf,
  SERVER_HELLO_13,
  send,
  start,
} from "../testing/handshake.js";
import { record } from "../testing/messages.js";

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

  it("that warns does not end the handshake", () => {
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
    send(connection, [hello]);
    connection.close();
    expect(bench.rows()).toMatchObject([{ state: "UNANSWERED", server_name: "www.wireloom.example" }]);
    expect(bench.finish()).toEqual([]);
  });

  it("is a row after a minute", () => {
    const { bench, connection } = start();
    connection.open();
    send(connection, [hello, FULL[1]!]);
    bench.advance(70);
    expect(bench.rows()).toMatchObject([{ state: "INCOMPLETE", certificate_count: 1 }]);
    // Messages after that change nothing.
    send(connection, FULL.slice(2));
    expect(bench.finish()).toEqual([]);
  });

  it("breaks off where a response is not TLS", () => {
    expect(rowsOf(hello, { server: Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n") })).toMatchObject([
      { state: "INCOMPLETE", malformed: true },
    ]);
  });

  it("is distinguished from one with a side that was not captured", () => {
    const further = Array.from({ length: 9 }, () => ({ client: record(APPLICATION_DATA, ENCRYPTED) }));
    expect(rowsOf(hello, ...further)).toMatchObject([{ state: "INCOMPLETE", version: null }]);
    const answers = Array.from({ length: 9 }, () => ({ server: record(APPLICATION_DATA, ENCRYPTED) }));
    expect(rowsOf({ server: record(HANDSHAKE, SERVER_HELLO_13) }, ...answers)).toMatchObject([
      { state: "INCOMPLETE", src_address: "192.0.2.1", dst_port: 443, client_version: null, version: "TLS1_3" },
    ]);
  });
});
