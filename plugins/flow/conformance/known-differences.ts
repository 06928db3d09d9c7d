import { all, isCut, isInSeveralVlans, onlyOurs } from "../../../test/conformance/conditions.js";
import { type Difference, NOTHING } from "../../../test/conformance/difference.js";
import { type ClientEvidence, findClient } from "../../../test/conformance/flow/client-evidence.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { isFragment } from "../../../test/conformance/tshark-capture.js";
import { captureTime, has } from "../../../test/conformance/tshark-frame.js";

const COUNTS = [
  "src_packets = frames",
  "dst_packets = frames",
  "src_bytes = frame.len",
  "dst_bytes = frame.len",
  "duplicates = frames",
];
const PORTS = ["src_port = udp.srcport", "dst_port = udp.dstport", "src_port = tcp.srcport", "dst_port = tcp.dstport"];
const ADDRESSES = ["src_address = ip.src", "dst_address = ip.dst", "src_address = ipv6.src", "dst_address = ipv6.dst"];

const REASSEMBLY_NANOSECONDS = 15_000_000_000n;

/** Whether tshark's frames show by such evidence that ours is the client. */
function isClient(by: ClientEvidence["by"]) {
  return ({ ours, evidence }: Difference): boolean => {
    const { conversation, readings } = evidence;
    const found = conversation === undefined ? undefined : findClient(conversation, readings.tshark.frames);
    return found?.by === by && found.client === ours;
  };
}

function reversed(by: ClientEvidence["by"], how: string): KnownDifference {
  return {
    id: `flow/reversed-by-${by}`,
    fields: ["source = first sender"],
    reason: `Reversed: tshark's conversation begins with the sender of the first packet, ours with the client, ${how}.`,
    explains: isClient(by),
  };
}

/** Both sides read the layers of some packet of the conversation, or of the frame, otherwise. */
function isOfOtherLayers({ evidence, frame }: Difference): boolean {
  const { byFrame, conversations } = evidence.readings.otherLayers;
  return byFrame.has(frame) || (evidence.key !== undefined && conversations.has(evidence.key));
}

/** A flow whose first packet has no ports that the capture shows: a later fragment alone, or a header that is truncated. */
function hasNoPorts(difference: Difference): boolean {
  const { row, frame } = difference.evidence;
  const isWithout = row?.["src_port"] === 0 && row["dst_port"] === 0 && !has(frame, "udp.srcport", "tcp.srcport");
  return isWithout && frame !== undefined && (isFragment(frame) || isCut(difference));
}

/** The clock of the capture was set back during the conversation. */
function isClockSetBack({ evidence }: Difference): boolean {
  const { conversation, readings } = evidence;
  const times = conversation?.packets.map(({ frame }) =>
    Number(readings.tshark.frames[frame - 1]?.["frame.time_epoch"]?.[0]),
  );
  return times?.some((time, i) => i > 0 && time < times[i - 1]!) ?? false;
}

/** A fragment comes {@link REASSEMBLY_NANOSECONDS} or more after the conversation's first packet. */
function hasLateFragments({ evidence }: Difference): boolean {
  const { frames } = evidence.readings.tshark;
  const [first, ...others] = (evidence.conversation?.packets ?? []).map(({ frame }) => frames[frame - 1]!);
  return others.some(
    (frame) => isFragment(frame) && captureTime(frame) - captureTime(first!) >= REASSEMBLY_NANOSECONDS,
  );
}

/** Known differences of flows. */
export const knownDifferences: readonly KnownDifference[] = [
  reversed("handshake", "who sent the SYN or was sent the SYN-ACK"),
  reversed("message", "who sent the request or was sent the response"),
  reversed("port", "whose peer has the port of a known protocol, one below 1024, or the lower one of TCP"),
  {
    id: "flow/other-layers",
    fields: [
      ...["conversation", "conn_state = Zeek's rules", "source = first sender", "community_id = communityid"],
      ...[...COUNTS, ...PORTS, ...ADDRESSES],
    ],
    reason: "Both sides read the layers of a packet of the conversation otherwise, which is listed there.",
    explains: isOfOtherLayers,
  },
  {
    id: "flow/without-ports",
    fields: ["conversation", ...PORTS],
    reason:
      "A later fragment alone, or a transport header that is cut: ours is a flow with ports 0, tshark shows none.",
    explains: all(
      (difference) => onlyOurs(difference) || (difference.ours === "0" && difference.tshark === NOTHING),
      hasNoPorts,
    ),
  },
  {
    id: "flow/several-vlans",
    fields: ["conn_state = Zeek's rules", "source = first sender"],
    reason:
      "Connections of the same addresses and ports in several VLANs are several of ours; here they are laid on one another.",
    explains: isInSeveralVlans,
  },
  {
    id: "flow/clock-set-back",
    fields: COUNTS,
    reason:
      "The capture's clock was set back. Ours goes forward only, so that packets are near to one another whose times are not.",
    explains: isClockSetBack,
  },
  {
    id: "flow/late-fragments",
    fields: COUNTS,
    reason:
      "Fragments that come 15 s or more after the first of their datagram (`fragment_timeout_ms`) belong to another datagram.",
    explains: hasLateFragments,
  },
  {
    id: "flow/fragments-of-one-identification",
    fields: [
      "conversation",
      "conn_state = Zeek's rules",
      "source = first sender",
      "community_id = communityid",
      ...COUNTS,
      ...PORTS,
    ],
    captures: ["ip_fragmented_garbage.pcap"],
    reason:
      "1252 fragments have one identification, four of them are first ones: ours counts those that come before each first one with it.",
    explains: ({ evidence }) => evidence.frame !== undefined && isFragment(evidence.frame),
  },
];
