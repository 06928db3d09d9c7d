import { Layer } from "../layer.js";
import { LinkType } from "../link-type.js";

/**
 * The layer of a frame whose 32-bit link type is in the preceding header; `Layer.End` if that link type refers to a further one. With an
 * unknown link type the frame is the payload.
 */
export function namedLinkType(linkType: number): number {
  const isFrame = linkType !== LinkType.Pktap && linkType !== LinkType.Ppi && linkType <= 0xffff;
  return isFrame ? Layer.FirstLinkType + linkType : Layer.End;
}
