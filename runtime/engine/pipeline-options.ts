import type { Cryptography } from "../plugin/cryptography.js";
import type { Plugin } from "../plugin/plugin.js";
import type { TagRule } from "./conversation/tag-rule.js";
import type { DecoderFaultListener } from "./decoder-faults.js";
import type { EngineLimits } from "./engine-limits.js";
import type { RedactionOptions } from "./redaction/redaction-action.js";

/** Options of a `Pipeline`. */
export interface PipelineOptions {
  /** What decoders need of cryptography; see `runtime/node/node-cryptography.ts`. */
  readonly cryptography: Cryptography;
  /** 30 bits that distinguish this capture's row ids from another's; 0 for output that is the same in every run. */
  readonly session: number;
  /**
   * Plugins whose tunnels and link types are decoded: the registry's, where only some of them are to make rows; unless given, the
   * pipeline's own.
   */
  readonly layerPlugins?: readonly Plugin[];
  /** Values of decoder options, by `resource.name`; an option that is not there has its default. */
  readonly settings?: ReadonlyMap<string, string>;
  /** What is done with sensitive values; as the plugins' annotations have it where absent. */
  readonly redaction?: RedactionOptions;
  /** Bounds of the engine's tables and buffers. */
  readonly limits?: EngineLimits;
  /**
   * True to leave packets with a wrong checksum to flows alone. Those of the sending host are wrong where its network card fills them in.
   */
  readonly verifiesChecksums?: boolean;
  /** How VLANs and tunnels distinguish conversations of the same addresses. */
  readonly tagRule?: TagRule;
  /** True where packets come from an interface, as they arrive. */
  readonly isLive?: boolean;
  /** Called with failures of plugins' hooks: the first one in each place, and the one that switches a plugin off. */
  readonly onDecoderFault?: DecoderFaultListener | undefined;
  /** True to keep `Pipeline.order`. */
  readonly isOrdered?: boolean;
}
