import { describe, expect, it } from "vitest";
import { CHANGE_CIPHER_SPEC, ENCRYPTED, HANDSHAKE, SERVER_FLIGHT, start } from "../testing/handshake.js";
import { extension, handshake, message, RANDOM, record, vector } from "../testing/messages.js";

const ID = "ab".repeat(32);
const FINISHED = Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]);
const TICKET_OFFER = extension.of(35, Buffer.alloc(16));

/** A ServerHello of TLS 1.2 with this session id (RFC 5246, section 7.4.1.3). */
function serverHello(sessionId: string): Buffer {
  const id = vector(1, Buffer.from(sessionId, "hex"));
  return handshake(2, Buffer.concat([Buffer.from([3, 3]), RANDOM, id, Buffer.from([0xc0, 0x2f, 0])]));
}

/** The row of a handshake between whose ServerHello and ChangeCipherSpec `lost` bytes were not captured. */
function rowOf(clientParts: { sessionId?: string; extensions?: Uint8Array[] }, server: Buffer, lost: number) {
  const { bench, connection } = start();
  connection.open();
  connection.client(record(HANDSHAKE, handshake(1, message.clientHello(clientParts))));
  connection.server(record(HANDSHAKE, server));
  connection.serverLost(lost);
  connection.server(FINISHED);
  connection.client(FINISHED);
  return bench.finish();
}

describe("whether a session of TLS 1.2 was resumed", () => {
  it.each([
    ["is shown by a cipher that changes right after the ServerHello", { extensions: [TICKET_OFFER] }, "", 0, true],
    ["is shown by the session's id where the flight was lost", { sessionId: ID }, ID, 3000, true],
    ["is denied by another id where the flight was lost", { sessionId: ID }, "cd".repeat(32), 3000, false],
    ["is denied by a client that offered none, where the flight was lost", {}, ID, 3000, false],
    ["is not known of a ticket where the flight was lost", { extensions: [TICKET_OFFER] }, "", 3000, null],
  ])("%s", (_, client, serverId, lost, resumed) => {
    expect(rowOf(client, serverHello(serverId), lost)).toMatchObject([
      { state: "ESTABLISHED", version: "TLS1_2", resumed, certificate_count: null },
    ]);
  });

  it("is denied by the rest of a flight whose beginning was lost", () => {
    const { bench, connection } = start();
    connection.open();
    connection.client(record(HANDSHAKE, handshake(1, message.clientHello({ extensions: [TICKET_OFFER] }))));
    connection.server(record(HANDSHAKE, serverHello("")));
    connection.serverLost(3000);
    connection.server(record(HANDSHAKE, SERVER_FLIGHT.at(-1)!));
    connection.client(FINISHED);
    connection.server(FINISHED);
    expect(bench.finish()).toMatchObject([{ state: "ESTABLISHED", gap: true, resumed: false }]);
  });
});
