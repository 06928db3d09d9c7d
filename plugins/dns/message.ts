import type { Packet } from "../../runtime/plugin/index.js";

/** What decoding a message needs to know of it, whatever carried it; a datagram's packet is one. */
export type Message = Readonly<
  Pick<
    Packet,
    | "bytes"
    | "start"
    | "end"
    | "payloadLengthBytes"
    | "isTruncated"
    | "srcPort"
    | "dstPort"
    | "addressLength"
    | "dstAddressStart"
    | "time"
    | "frameNumber"
  >
>;
