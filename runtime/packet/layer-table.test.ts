import { expect, test } from "vitest";
import { TunnelKind } from "../../generated/wireloom/v1/observation_enums.js";
import { Layer } from "./layer.js";
import { BUILT_IN_LAYERS } from "./layer-table.js";
import { LinkType } from "./link-type.js";
import { TUNNELS } from "./tunnel/tunnels.js";

test("every link type has a decoder", () => {
  const without = Object.entries(LinkType).filter(
    ([, linkType]) => BUILT_IN_LAYERS.decoderOf[Layer.FirstLinkType + linkType] === 0,
  );
  expect(without).toEqual([]);
});

test("every kind of tunnel has a decoder", () => {
  const kinds = new Set(TUNNELS.flatMap(({ kinds }) => kinds));
  const { UNSPECIFIED: _, ...known } = TunnelKind;
  expect([...kinds].sort((a, b) => a - b)).toEqual(Object.values(known));
});
