import { type DescExtension, type DescFile, type DescService, toBinary } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** The files that services and their messages are in, found by the names that reflection asks for. */
export class FileIndex {
  readonly serviceNames: readonly string[];
  readonly #byName = new Map<string, DescFile>();
  readonly #bySymbol = new Map<string, DescFile>();
  readonly #extensions = new Map<string, Map<number, DescExtension>>();

  constructor(services: readonly DescService[]) {
    this.serviceNames = services.map((service) => service.typeName);
    for (const service of services) this.#add(service.file);
  }

  /** The file of this path and every file that it needs, each after those that need it; empty where there is none. */
  filesByName(name: string): Uint8Array[] {
    return encodeFiles(this.#byName.get(name));
  }

  /** The same for the file that defines a message, enum, service, method or extension of this full name. */
  filesBySymbol(symbol: string): Uint8Array[] {
    return encodeFiles(this.#bySymbol.get(symbol) ?? this.#bySymbol.get(symbol.slice(0, symbol.lastIndexOf("."))));
  }

  /** The same for the file that defines an extension. */
  filesByExtension(typeName: string, number: number): Uint8Array[] {
    return encodeFiles(this.#extensions.get(typeName)?.get(number)?.file);
  }

  /** Numbers of the extensions of a message. */
  extensionNumbers(typeName: string): number[] {
    return [...(this.#extensions.get(typeName)?.keys() ?? [])];
  }

  #add(file: DescFile): void {
    const name = file.proto.name;
    if (this.#byName.has(name)) return;
    this.#byName.set(name, file);
    for (const type of [...file.services, ...nestedTypes(file)]) {
      this.#bySymbol.set(type.typeName, file);
      if (type.kind !== "extension") continue;
      const numbers = this.#extensions.get(type.extendee.typeName) ?? new Map<number, DescExtension>();
      this.#extensions.set(type.extendee.typeName, numbers.set(type.number, type));
    }
    for (const dependency of file.dependencies) this.#add(dependency);
  }
}

function encodeFiles(file: DescFile | undefined): Uint8Array[] {
  const files = new Set<DescFile>();
  const visit = (one: DescFile): void => {
    if (files.has(one)) return;
    files.add(one);
    one.dependencies.forEach(visit);
  };
  if (file !== undefined) visit(file);
  return [...files].map((one) => toBinary(FileDescriptorProtoSchema, one.proto));
}
