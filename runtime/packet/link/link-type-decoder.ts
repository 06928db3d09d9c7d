import type { LayerDecoder } from "../layer-decoder.js";

/** The link types of a capture that one decoder is for. */
export interface LinkTypeDecoder {
  /** LINKTYPE_ values (https://www.tcpdump.org/linktypes.html). */
  readonly linkTypes: readonly number[];
  /** Goes past the link header with `enterPayload`, if there is one, and returns the layer after it. */
  readonly decode: LayerDecoder;
}
