import type { DescEnum } from "@bufbuild/protobuf";
import { safeIdentifier } from "@bufbuild/protoplugin";
import type { EnumModel } from "../model/enum-model.js";
import { lowerFirst } from "../names.js";
import { commentOf } from "./source-location.js";

/** Enums by their full names, each read once. */
export class EnumReader {
  readonly #models = new Map<string, EnumModel>();

  /** The model of an enum. */
  read(desc: DescEnum): EnumModel {
    let model = this.#models.get(desc.typeName);
    if (model === undefined) {
      model = readEnum(desc);
      this.#models.set(desc.typeName, model);
    }
    return model;
  }

  /** Every enum that was read, by its full name. */
  all(): EnumModel[] {
    return [...this.#models.values()].toSorted((a, b) => a.desc.typeName.localeCompare(b.desc.typeName));
  }
}

function readEnum(desc: DescEnum): EnumModel {
  const packageName = desc.file.proto.package;
  const path = packageName === "" ? desc.typeName : desc.typeName.slice(packageName.length + 1);
  const name = path.replaceAll(".", "_");
  const prefixLength = desc.sharedPrefix?.length ?? 0;
  return {
    desc,
    name: safeIdentifier(name),
    valuesName: `${lowerFirst(name)}Values`,
    values: desc.values.map((value) => {
      const description = commentOf(value);
      return {
        number: value.number,
        name: value.name.slice(prefixLength),
        ...(description === "" ? {} : { description }),
      };
    }),
  };
}
