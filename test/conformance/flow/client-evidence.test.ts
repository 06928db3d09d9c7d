import { describe, expect, it } from "vitest";
import type { TsharkFrame } from "../tshark-frame.js";
import { findClient } from "./client-evidence.js";
import type { ConversationPacket, TsharkConversation } from "./tshark-conversations.js";

const SYN = 2;
const SYN_ACK = 18;
const ACK = 16;

function packet(frame: number, isFromFirst: boolean, flags: number): ConversationPacket {
  return { frame, isFromFirst, flags, lengthBytes: 60, hasData: false, isCopy: false };
}

function tcp(first: string, second: string, ...packets: ConversationPacket[]): TsharkConversation {
  return { transport: "TCP", first, second, packets };
}

describe("the client of a conversation, by tshark's frames", () => {
  it("sent the SYN, or was sent the SYN-ACK", () => {
    const opened = tcp("192.0.2.1 80", "192.0.2.2 40000", packet(1, true, SYN));
    expect(findClient(opened, [])).toEqual({ client: "192.0.2.1 80", by: "handshake" });
    const answered = tcp("192.0.2.1 40000", "192.0.2.2 80", packet(1, true, SYN_ACK));
    expect(findClient(answered, [])).toEqual({ client: "192.0.2.2 80", by: "handshake" });
  });

  it("else sent the request, or was sent the response", () => {
    const conversation = tcp("192.0.2.1 40000", "192.0.2.2 50000", packet(1, true, ACK), packet(2, false, ACK));
    const response: TsharkFrame = { "http.response": ["1"] };
    const request: TsharkFrame = { "http.request": ["1"] };
    expect(findClient(conversation, [response])).toEqual({ client: "192.0.2.2 50000", by: "message" });
    expect(findClient(conversation, [{}, request])).toEqual({ client: "192.0.2.2 50000", by: "message" });
  });

  it("else is the peer of the port that is known, below 1024, or over TCP lower", () => {
    const byPort = (first: number, second: number) =>
      findClient(tcp(`192.0.2.1 ${first}`, `192.0.2.2 ${second}`, packet(1, true, ACK)), [])?.client;
    expect(byPort(8080, 3000)).toBe("192.0.2.2 3000");
    expect(byPort(22, 2000)).toBe("192.0.2.2 2000");
    expect(byPort(40000, 30000)).toBe("192.0.2.1 40000");
    expect(byPort(0, 179)).toBe("192.0.2.1 0");
  });
});
