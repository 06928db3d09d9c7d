import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";

it("a request that waited after a loss has the time and the number of its own frame, not of the response that ends the wait", () => {
  const bench = new DecoderBench(findPlugin(registry.plugins, "http"));
  const connection = new TcpConversation(bench, { serverPort: 80 });
  connection.open();
  connection.client("GET /1 HTTP/1.1\r\n\r\n", { atSeconds: 1 });
  connection.server("HTTP/1.1 204 No Content\r\n\r\n", { atSeconds: 1.5 });
  connection.clientLost(100);
  connection.serverLost(100);
  connection.client("GET /2 HTTP/1.1\r\n\r\n", { atSeconds: 2 });
  connection.server("HTTP/1.1 204 No Content\r\n\r\n", { atSeconds: 2.5 });
  expect(bench.finish()).toMatchObject([
    { target: "/1", frame_number: 4, response_frame: 5, latency: "0.500s", gap: false },
    {
      target: "/2",
      state: "COMPLETE",
      time: "2026-01-01T00:00:02.000000000Z",
      frame_number: 6,
      response_frame: 7,
      latency: "0.500s",
      gap: true,
    },
  ]);
});
