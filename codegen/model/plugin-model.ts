import type { DecoderOption } from "../../runtime/schema/option-type.js";
import type { LayerClaim } from "./layer-claim.js";
import type { MessageModel } from "./message-model.js";
import type { ServiceModel } from "./service-model.js";
import type { TableModel } from "./table-model.js";

/** A plugin: a folder with one annotated event and its decoder. */
export interface PluginModel {
  /** Folder name under `plugins/`, in snake_case. */
  readonly folder: string;
  /** camelCase of the event's name, for generated constants. */
  readonly variable: string;
  readonly message: MessageModel;
  readonly table: TableModel;
  readonly service: ServiceModel;
  readonly bindings: BindingsModel;
  readonly options: readonly DecoderOption[];
  readonly pending: { readonly maxEntries: number; readonly ttlMs: number } | undefined;
  /** Hooks and tables of layers that its decoder exports. */
  readonly decoderExports: readonly string[];
  /** Numbers of the tunnels and link types that its decoder exports, as far as they are literals. */
  readonly layerClaims: readonly LayerClaim[];
}

/** The traffic that belongs to a plugin. */
export interface BindingsModel {
  readonly udpPorts: readonly number[];
  readonly tcpPorts: readonly number[];
  readonly ethertypes: readonly number[];
  readonly ipProtocols: readonly number[];
  readonly everyPacket: boolean;
}
