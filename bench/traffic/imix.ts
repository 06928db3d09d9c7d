import { Random } from "../../runtime/record/testing/random.js";
import { CaptureWriter } from "./capture-writer.js";
import { type Endpoints, reversed, tcpFrame, udpFrame } from "./ip-frame.js";

const ACK = 16;
/** Frame sizes of the simple IMIX, without FCS, as often as they stand here: 7 to 4 to 1. */
const FRAME_BYTES = [60, 60, 60, 60, 60, 60, 60, 590, 590, 590, 590, 1514];
/** Ports that no plugin is bound to, so that only flows are metered. */
const SERVER_PORTS = [7001, 7002, 9000, 9001, 7777];
const ACTIVE_FLOWS = 20_000;
/** A flow has this many packets on average before another takes its place. */
const PACKETS_PER_FLOW = 50;

/** Writes a pcap of `packets` IMIX packets, TCP and UDP at 2 to 1, of 20 000 flows at a time in both directions. */
export function writeImixCapture(path: string, packets: number): void {
  const random = new Random(7);
  const writer = new CaptureWriter(path);
  const flows: Flow[] = Array.from({ length: ACTIVE_FLOWS }, () => randomFlow(random));
  const payload = Buffer.alloc(1514);
  while (writer.packets < packets) {
    const index = random.below(ACTIVE_FLOWS);
    if (random.oneIn(PACKETS_PER_FLOW)) flows[index] = randomFlow(random);
    const flow = flows[index]!;
    const size = FRAME_BYTES[random.below(FRAME_BYTES.length)]!;
    const side = random.below(2);
    const ends = side === 0 ? flow.ends : reversed(flow.ends);
    writer.write(
      flow.isTcp
        ? segment(flow, side, ends, payload.subarray(0, size - 54))
        : udpFrame(ends, payload.subarray(0, size - 42)),
    );
  }
  writer.close();
}

interface Flow {
  readonly ends: Endpoints;
  readonly isTcp: boolean;
  /** Sequence numbers of what comes next from each side. */
  readonly next: [number, number];
}

/** The next segment of one side, which acknowledges all of the other. */
function segment({ next }: Flow, side: number, ends: Endpoints, payload: Buffer): Buffer {
  const frame = tcpFrame(ends, next[side]!, next[side ^ 1]!, ACK, payload);
  next[side] = (next[side]! + payload.length) >>> 0;
  return frame;
}

function randomFlow(random: Random): Flow {
  const ends = {
    srcAddress: 0x0a000000 + random.below(1 << 20),
    dstAddress: 0xc6336400 + random.below(256),
    srcPort: 1024 + random.below(64000),
    dstPort: SERVER_PORTS[random.below(SERVER_PORTS.length)]!,
  };
  return { ends, isTcp: !random.oneIn(3), next: [random.uint32(), random.uint32()] };
}
