import fc from "fast-check";
import { decodeLayers } from "../../../runtime/packet/decode-layers.js";
import { LinkType } from "../../../runtime/packet/link-type.js";
import { Packet } from "../../../runtime/packet/packet.js";
import { MAX_TUNNELS } from "../../../runtime/packet/tunnel-stack.js";
import { type FuzzTarget, frameOf, fuzzedFrames } from "../fuzz-target.js";

const LINK_TYPES = Object.values<number>(LinkType);

/** Every layer: any frame under any link type leaves positions inside the frame. */
export const layersTarget: FuzzTarget = {
  name: "layers",
  share: 0.309,
  prepare(corpus) {
    const packet = new Packet();
    const linkType = fc.option(fc.constantFrom(...LINK_TYPES), { nil: undefined, freq: 4 });
    return fc.property(fc.record({ frame: fuzzedFrames(corpus), linkType }), (input) => {
      const frame = frameOf(corpus, input.frame);
      packet.bytes = frame.bytes;
      packet.frameStart = 0;
      packet.frameEnd = frame.bytes.length;
      packet.originalLengthBytes = frame.bytes.length;
      packet.strippedVlanTag = 0;
      decodeLayers(packet, input.linkType ?? frame.linkType);
      const { start, end, frameEnd, networkStart, networkEnd, transportStart } = packet;
      const isInside =
        0 <= start &&
        start <= end &&
        end <= frameEnd &&
        networkStart <= frameEnd &&
        networkEnd <= frameEnd &&
        transportStart <= frameEnd;
      if (!isInside) throw new Error(`positions outside the frame: ${start} ${end} of ${frameEnd}`);
      if (packet.tunnels.depth > MAX_TUNNELS) throw new Error(`${packet.tunnels.depth} tunnels`);
      const { srcAddressStart, dstAddressStart, addressLength } = packet;
      if (Math.max(srcAddressStart, dstAddressStart) + addressLength > frameEnd)
        throw new Error("addresses outside the frame");
    });
  },
};
