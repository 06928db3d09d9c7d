import type { Cryptography } from "../plugin/cryptography.js";
import type { Plugin } from "../plugin/plugin.js";
import type { TagRule } from "./conversation/tag-rule.js";
import type { DecoderFaultListener } from "./decoder-faults.js";
import type { EngineLimits } from "./engine-limits.js";
import type { RedactionOptions } from "./redaction/redaction-action.js";
import type { SourceLookup } from "./source-lookup.js";

/** Options of a `Pipeline`. */
export interface PipelineOptions {
  /** Cryptography for decoders; see `runtime/node/node-cryptography.ts`. */
  readonly cryptography: Cryptography;
  /** 30 bits that distinguish this capture's row ids from another's; 0 for output that is the same in every run. */
  readonly session: number;
  /**
   * Plugins whose tunnels and link types are decoded: all of the registry's, if only some of them make rows. Default: the plugins of the
   * pipeline.
   */
  readonly layerPlugins?: readonly Plugin[];
  /** Values of decoder options, by `resource.name`; an option without a value has its default. */
  readonly settings?: ReadonlyMap<string, string>;
  /** How sensitive values are redacted; default: according to the plugins' annotations. */
  readonly redaction?: RedactionOptions;
  /** Limits of the engine's tables and buffers. */
  readonly limits?: EngineLimits;
  /**
   * True to exclude packets with a wrong checksum from all rows except flows. Packets of the capturing host have wrong checksums if its
   * network card computes them.
   */
  readonly verifiesChecksums?: boolean;
  /** How VLANs and tunnels distinguish conversations of the same addresses. */
  readonly tagRule?: TagRule;
  /** True if packets are captured live. */
  readonly isLive?: boolean;
  /** Called with failures of plugins' hooks: the first one at each place, and the one that switches a plugin off. */
  readonly onDecoderFault?: DecoderFaultListener | undefined;
  /** Sources of bundled code, for the places of failures; default: the places of the code that runs. See `runtime/node/source-maps.ts`. */
  readonly sourceOf?: SourceLookup;
  /** True to keep `Pipeline.order`. */
  readonly isOrdered?: boolean;
}
