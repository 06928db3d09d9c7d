import { registry } from "../../../generated/registry.js";
import { hasValue, type TsharkFrame } from "../tshark-frame.js";
import type { TsharkConversation } from "./tshark-conversations.js";

const SYN = 2;
const ACK = 16;

/** Which endpoint tshark's frames show to be the client, and by what. */
export interface ClientEvidence {
  readonly client: string;
  readonly by: "handshake" | "message" | "port";
}

/** Fields that say whether a message is a request or a response, with the values of both. */
const MESSAGE_ROLES: readonly (readonly [field: string, request: readonly string[], response: readonly string[]])[] = [
  ["http.request", ["1", "True"], []],
  ["http.response", [], ["1", "True"]],
  ["dns.flags.response", ["0", "False"], ["1", "True"]],
  ["tls.handshake.type", ["1"], ["2"]],
  ["dtls.handshake.type", ["1"], ["2", "3"]],
  ["dhcp.type", ["1"], ["2"]],
  ["ntp.flags.mode", ["3"], ["4"]],
];

/** Fields that {@link findClient} reads. */
export const CLIENT_FIELDS = MESSAGE_ROLES.map(([field]) => field);

const BOUND_PORTS = {
  TCP: new Set(registry.plugins.flatMap(({ bindings }) => bindings.tcpPorts)),
  UDP: new Set(registry.plugins.flatMap(({ bindings }) => bindings.udpPorts)),
};

/**
 * Who the client of a conversation is: who sent a SYN or was sent a SYN-ACK, else who sent a request or was sent a response, else whose
 * peer alone has a port of a known protocol or below 1024, or over TCP the lower port. Undefined if nothing of that tells.
 */
export function findClient(
  { transport, first, second, packets }: TsharkConversation,
  frames: readonly TsharkFrame[],
): ClientEvidence | undefined {
  for (const { flags, isFromFirst } of packets) {
    if ((flags & SYN) === 0) continue;
    return { client: isFromFirst === ((flags & ACK) === 0) ? first : second, by: "handshake" };
  }
  for (const { frame, isFromFirst } of packets) {
    const isRequest = roleOf(frames[frame - 1]);
    if (isRequest !== undefined) return { client: isFromFirst === isRequest ? first : second, by: "message" };
  }
  const isFirstServer = isServer(first, second, transport);
  return isFirstServer === undefined ? undefined : { client: isFirstServer ? second : first, by: "port" };
}

function roleOf(frame: TsharkFrame | undefined): boolean | undefined {
  for (const [field, request, response] of MESSAGE_ROLES) {
    if (hasValue(frame, field, ...request)) return true;
    if (hasValue(frame, field, ...response)) return false;
  }
  return undefined;
}

/** Whether `one` has a server's port and `other` has not. */
function isServer(one: string, other: string, transport: "TCP" | "UDP"): boolean | undefined {
  const [port, otherPort] = [one, other].map((endpoint) => Number(endpoint.split(" ")[1])) as [number, number];
  const bound = BOUND_PORTS[transport];
  // Nobody serves on port 0.
  if ((port === 0) !== (otherPort === 0)) return otherPort === 0;
  if (bound.has(port) !== bound.has(otherPort)) return bound.has(port);
  if (port < 1024 !== otherPort < 1024) return port < 1024;
  return transport === "TCP" && port !== otherPort ? port < otherPort : undefined;
}
