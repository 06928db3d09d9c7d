import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { ANSWER, hex, plugin, QUERY, QUESTION, RESPONSE } from "./testing/messages.js";

/** A message after its length (RFC 1035, section 4.2.2). */
function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function connect() {
  const bench = new DecoderBench(plugin);
  const connection = new TcpConversation(bench, { serverPort: 53 });
  connection.open();
  return { bench, connection };
}

const TRANSFER_QUESTION = QUESTION.replace("0001 0001", "00fc 0001");
const TRANSFER = hex("1234 0000 0001 0000 0000 0000", TRANSFER_QUESTION);
const FIRST_OF_TRANSFER = hex("1234 8400 0001 0001 0000 0000", TRANSFER_QUESTION, ANSWER);
/** Its answer names the root, as there is no question to point to. */
const WITHOUT_QUESTION = hex("1234 8400 0000 0001 0000 0000", ANSWER.replace("c00c", "00"));

describe("a further response of one id over TCP", () => {
  it.each([
    ["with the question", FIRST_OF_TRANSFER],
    ["without the question", WITHOUT_QUESTION],
  ])("continues a zone transfer, %s", (_, further) => {
    const { bench, connection } = connect();
    connection.client(framed(TRANSFER));
    connection.server(Buffer.concat([framed(FIRST_OF_TRANSFER), framed(further), framed(further)]));
    expect(bench.finish()).toMatchObject([
      { state: "COMPLETE", query_type: "AXFR" },
      { state: "CONTINUATION", transaction_id: 0x1234 },
      { state: "CONTINUATION", transaction_id: 0x1234 },
    ]);
  });

  it("to another question is unsolicited", () => {
    const { bench, connection } = connect();
    connection.client(framed(TRANSFER));
    connection.server(Buffer.concat([framed(FIRST_OF_TRANSFER), framed(RESPONSE)]));
    expect(bench.finish()).toMatchObject([{ state: "COMPLETE" }, { state: "UNSOLICITED", query_type: "A" }]);
  });

  it("is a repetition where the query was not for a zone transfer", () => {
    const { bench, connection } = connect();
    connection.client(framed(QUERY));
    connection.server(Buffer.concat([framed(RESPONSE), framed(RESPONSE)]));
    expect(bench.finish()).toMatchObject([{ state: "COMPLETE" }, { state: "REPEATED", latency: null }]);
  });
});

describe("a length that no message has", () => {
  it.each([
    ["0", hex("0000")],
    ["5", hex("0005 0102030405")],
  ])("of %s bytes is skipped, and the next message is read", (_, empty) => {
    const { bench, connection } = connect();
    connection.client(
      Buffer.concat([empty, framed(QUERY), empty, framed(hex("1235", QUERY.subarray(2).toString("hex")))]),
    );
    connection.server(Buffer.concat([empty, framed(RESPONSE)]));
    connection.server(empty);
    connection.server(framed(hex("1235", RESPONSE.subarray(2).toString("hex"))));
    expect(bench.finish()).toMatchObject([
      { state: "COMPLETE", transaction_id: 0x1234 },
      { state: "COMPLETE", transaction_id: 0x1235 },
    ]);
  });

  it("is not treated as DNS where nothing else of the stream is", () => {
    const { bench, connection } = connect();
    connection.client(hex("0000 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f ffff ffff ffff"));
    connection.client(framed(QUERY));
    expect(bench.finish()).toEqual([]);
  });
});
