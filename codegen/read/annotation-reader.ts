import {
  type DescExtension,
  type DescField,
  type DescMessage,
  getOption,
  hasOption,
  type JsonObject,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { FieldOptionsSchema } from "@bufbuild/protobuf/wkt";
import type { EventOptions } from "../../generated/wireloom/v1/annotations_pb.js";
import type { FieldAnnotation } from "../../runtime/schema/field-annotation.js";

const EVENT = "wireloom.v1.event";
const GROUP = "wireloom.v1.group";
const FIELD = "wireloom.v1.field";

/** The annotations of a field. */
export interface FieldAnnotations {
  readonly annotation: FieldAnnotation;
  /** Options of other projects in their JSON form, by the extension's full name. */
  readonly foreign: Readonly<Record<string, unknown>>;
}

/**
 * Reads annotations with the extensions of the request itself, not with generated ones, so that codegen can run before anything has been
 * generated.
 */
export class AnnotationReader {
  readonly #registry: Registry;
  readonly #event: DescExtension;
  readonly #group: DescExtension;
  readonly #field: DescExtension;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#event = extension(registry, EVENT);
    this.#group = extension(registry, GROUP);
    this.#field = extension(registry, FIELD);
  }

  /** The event annotation of a message, undefined without one. */
  event(message: DescMessage): EventOptions | undefined {
    if (!hasOption(message, this.#event)) return undefined;
    // The extension's message is the one that EventOptions was generated from; that is known only at run time.
    return getOption(message, this.#event) as unknown as EventOptions;
  }

  /** Whether a message is a group of fields. */
  isGroup(message: DescMessage): boolean {
    return hasOption(message, this.#group);
  }

  /** Whether a field has options of Wireloom. */
  isAnnotated(field: DescField): boolean {
    return hasOption(field, this.#field);
  }

  /**
   * An option of a field whose value is a number without a name in the option's enum, such as `role: 77`, which text formats of protobuf
   * allow; undefined if there is none.
   */
  unnamedValue({ annotation }: FieldAnnotations): { readonly option: string; readonly names: string[] } | undefined {
    for (const { name, jsonName, enum: type } of this.#field.message!.fields) {
      if (type === undefined || typeof annotation[jsonName as keyof FieldAnnotation] !== "number") continue;
      return { option: name, names: type.values.slice(1).map((value) => value.name) };
    }
    return undefined;
  }

  /** All options of a field. */
  field({ proto }: DescField): FieldAnnotations {
    if (proto.options === undefined) return { annotation: {}, foreign: {} };
    const options = toJson(FieldOptionsSchema, proto.options, { registry: this.#registry }) as JsonObject;
    const extensions = Object.entries(options)
      .filter(([name]) => name.startsWith("["))
      .map(([name, value]) => [name.slice(1, -1), value] as const);
    const own = extensions.find(([name]) => name === FIELD)?.[1];
    return {
      // JSON of wireloom.v1.FieldOptions has this type.
      annotation: (own ?? {}) as FieldAnnotation,
      foreign: Object.fromEntries(extensions.filter(([name]) => name !== FIELD)),
    };
  }
}

function extension(registry: Registry, name: string): DescExtension {
  const found = registry.getExtension(name);
  if (found === undefined) throw new Error(`proto/wireloom/v1/annotations.proto does not declare ${name}`);
  return found;
}
