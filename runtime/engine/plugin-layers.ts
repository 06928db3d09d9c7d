import { Layer } from "../packet/layer.js";
import type { LayerDecoder } from "../packet/layer-decoder.js";
import { LAYER_NUMBERS, type LayerSource, LayerTable } from "../packet/layer-table.js";
import type { Packet } from "../packet/packet.js";
import { PacketState } from "../packet/packet-state.js";
import type { Plugin } from "../plugin/plugin.js";
import { WireloomError } from "../wireloom-error.js";
import type { DecoderFaults } from "./decoder-faults.js";

const END = Layer.End;

/** Layers of a pipeline: the built-in decoders, and those of the plugins. Throws `usage` if two decoders have the same number. */
export function layersOf(plugins: readonly Plugin[]): LayerTable {
  return new LayerTable(plugins.map((plugin) => sourceOf(plugin, (decode) => decode)));
}

/**
 * The tunnels and link types of plugins, for one pipeline. A decoder that throws, or returns an invalid layer, is counted as a failure of
 * its plugin, and the packet is left unchanged; decoders of a plugin that is switched off are not called.
 */
export class PluginLayers {
  /** Names of the pipeline's plugins, by index, followed by other plugins that have layers. */
  readonly resources: readonly string[];
  readonly #plugins: readonly Plugin[];
  readonly #calls: Float64Array;
  /** The packet before the decoder that runs; one runs at a time. */
  readonly #before = new PacketState();

  /** `layerPlugins` may differ from the `plugins` that make rows. */
  constructor(plugins: readonly Plugin[], layerPlugins: readonly Plugin[]) {
    const withLayers = layerPlugins.filter(
      ({ tunnels, linkTypes }) => tunnels !== undefined || linkTypes !== undefined,
    );
    const names = [...plugins, ...withLayers].map(({ table }) => table.resource);
    this.resources = [...new Set(names)];
    this.#plugins = withLayers;
    this.#calls = new Float64Array(this.resources.length);
  }

  /** Number of successful calls of a plugin's decoders of tunnels and link types. */
  callsOf(plugin: number): number {
    return this.#calls[plugin]!;
  }

  /** Throws `usage` if two plugins, or a plugin and the runtime, decode the same number. */
  table(faults: DecoderFaults): LayerTable {
    return new LayerTable(
      this.#plugins.map((plugin) => {
        const index = this.resources.indexOf(plugin.table.resource);
        return sourceOf(plugin, (decode, hook) => this.#contain(decode, hook, index, faults));
      }),
    );
  }

  #contain(decode: LayerDecoder, hook: string, plugin: number, faults: DecoderFaults): LayerDecoder {
    return (packet, bytes, start, end) => {
      if (faults.isOff[plugin] === 1) return END;
      const { frameNumber } = packet;
      const { depth } = packet.tunnels;
      this.#before.save(packet);
      let layer: number;
      try {
        layer = decode(packet, bytes, start, end);
      } catch (error) {
        this.#before.restore(packet);
        faults.thrown(plugin, hook, error, frameNumber);
        return END;
      }
      if (
        this.#before.hasSameObjects(packet) &&
        isInside(packet, start, end) &&
        (layer === END || (isLayer(layer) && isProgress(packet, start, depth, layer, hook)))
      ) {
        this.#calls[plugin]!++;
        return layer;
      }
      this.#before.restore(packet);
      faults.returned(plugin, hook, layer, "a layer, with a tunnel or a header before it", frameNumber);
      return END;
    };
  }
}

function sourceOf(
  { table, tunnels = [], linkTypes = [] }: Plugin,
  wrap: (decode: LayerDecoder, hook: "tunnels" | "linkTypes") => LayerDecoder,
): LayerSource {
  const owner = `plugin ${table.resource}`;
  for (const [name, rows] of Object.entries({ tunnels, linkTypes })) {
    // A decoder is code of its author, which may have been compiled without type checks.
    if (!Array.isArray(rows))
      throw new WireloomError("usage", `${name} of ${owner} is not a list; write its rows in brackets: [{ … }]`);
  }
  return {
    owner,
    tunnels: tunnels.map((tunnel) => ({ ...tunnel, decode: wrap(tunnel.decode, "tunnels") })),
    linkTypes: linkTypes.map((row) => ({ ...row, decode: wrap(row.decode, "linkTypes") })),
  };
}

/** Whether the payload is a range of the bytes that the decoder was called with; false for positions that are not whole numbers. */
function isInside(packet: Packet, start: number, end: number): boolean {
  const isRange = Number.isInteger(packet.start) && Number.isInteger(packet.end);
  return isRange && packet.start >= start && packet.start <= packet.end && packet.end <= end;
}

/** False if the walk could reach the same decoder with the same bytes again. */
function isProgress(packet: Packet, start: number, depth: number, layer: number, hook: string): boolean {
  const isFirst = hook === "linkTypes" && layer < Layer.FirstLinkType;
  return isFirst || packet.start > start || packet.tunnels.depth > depth;
}

function isLayer(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < LAYER_NUMBERS;
}
