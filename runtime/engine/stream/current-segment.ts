import { IpProtocol } from "../../packet/ip-protocol.js";
import type { StreamSegment } from "../../plugin/hooks.js";
import { Timestamp } from "../../record/timestamp.js";

const NO_BYTES = new Uint8Array(0);

/** The segment object passed to all decoders, filled again for each call. */
export class CurrentSegment implements StreamSegment {
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;
  readonly ipProtocol = IpProtocol.Tcp;
  isFromServer = false;
  position = 0;
  acknowledged = 0;
  otherPosition = 0;
  time = new Timestamp();
  frameNumber = 0;
}
