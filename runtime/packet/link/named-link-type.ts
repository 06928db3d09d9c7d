import { Layer } from "../layer.js";
import { LinkType } from "../link-type.js";

/**
 * The layer of a frame whose link type the header before it names, in 32 bits; `Layer.End` for one that names a link type in turn. A link type
 * that is not known leaves the frame as payload.
 */
export function namedLinkType(linkType: number): number {
  const isFrame = linkType !== LinkType.Pktap && linkType !== LinkType.Ppi && linkType <= 0xffff;
  return isFrame ? Layer.FirstLinkType + linkType : Layer.End;
}
