import {
  type DescExtension,
  type DescField,
  type DescMessage,
  getOption,
  hasOption,
  type Registry,
} from "@bufbuild/protobuf";

/** `wireloom.v1.DecoderOption`, as read from an event. */
export interface DecoderOption {
  readonly name: string;
  readonly defaultValue: string;
  readonly description: string;
  /** Number of `wireloom.v1.OptionType`. */
  readonly type: number;
}

/** `wireloom.v1.EventOptions`, as read from a message. */
export interface EventAnnotation {
  readonly resource: string;
  readonly title: string;
  readonly udpPorts: readonly number[];
  readonly ethertypes: readonly number[];
  readonly ipProtocols: readonly number[];
  readonly everyPacket: boolean;
  readonly tcpPorts: readonly number[];
  readonly options: readonly DecoderOption[];
  readonly pending?: { readonly maxEntries: number; readonly ttlMs: number };
}

/** `wireloom.v1.FieldOptions`, as read from a field. */
export interface FieldAnnotation {
  readonly type: number;
  readonly wireshark: string;
  readonly list: boolean;
  readonly maxBytes: number;
  readonly maxItems: number;
  readonly title: string;
  readonly path: string;
  /** Number of `wireloom.v1.Comparison`. */
  readonly compare: number;
  readonly flags: string;
}

const NO_ANNOTATION: FieldAnnotation = {
  type: 0,
  wireshark: "",
  list: false,
  maxBytes: 0,
  maxItems: 0,
  title: "",
  path: "",
  compare: 0,
  flags: "",
};

/**
 * Reads annotations with the extensions of the very request, not with generated ones, so that codegen can run
 * before anything has been generated.
 */
export class AnnotationReader {
  readonly #event: DescExtension;
  readonly #field: DescExtension;

  constructor(registry: Registry) {
    this.#event = extension(registry, "wireloom.v1.event");
    this.#field = extension(registry, "wireloom.v1.field");
  }

  /** The event annotation of a message, undefined where it has none. */
  event(message: DescMessage): EventAnnotation | undefined {
    if (!hasOption(message, this.#event)) return undefined;
    // The extension's message has these very fields; it is only known at run time.
    return getOption(message, this.#event) as unknown as EventAnnotation;
  }

  field(field: DescField): FieldAnnotation {
    if (!hasOption(field, this.#field)) return NO_ANNOTATION;
    return getOption(field, this.#field) as unknown as FieldAnnotation;
  }
}

function extension(registry: Registry, name: string): DescExtension {
  const found = registry.getExtension(name);
  if (found === undefined) throw new Error(`proto/wireloom/v1/annotations.proto does not declare ${name}`);
  return found;
}
