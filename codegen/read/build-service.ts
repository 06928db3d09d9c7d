import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { OPERATOR_NAMES, OPERATORS } from "../../runtime/schema/operators.js";
import type { MessageModel } from "../model/message-model.js";
import type { ServiceModel } from "../model/service-model.js";
import type { TableModel } from "../model/table-model.js";
import { constantCase } from "../names.js";

type FieldInit = MessageInitShape<typeof FieldDescriptorProtoSchema>;
type MessageInit = { name: string; field: FieldInit[]; oneofDecl?: { name: string }[] };

/** Path of the proto file of the operators, which is generated from `runtime/schema/operators.ts`. */
export const OPERATOR_FILE = "wireloom/v1/operator.proto";

/** The service of a table of messages: List, Get and Watch with typed filters and orders. */
export function buildService(message: MessageModel, table: TableModel): ServiceModel {
  return { name: `${message.name}Service`, message, table, file: buildFile(message, table) };
}

/** The enum `wireloom.v1.Operator`, in its own file. */
export function buildOperatorFile(): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: OPERATOR_FILE,
    package: "wireloom.v1",
    syntax: "proto3",
    enumType: [
      {
        name: "Operator",
        value: [
          { name: "OPERATOR_UNSPECIFIED", number: 0 },
          ...OPERATOR_NAMES.map((name) => ({
            name: `OPERATOR_${name.toUpperCase()}`,
            number: OPERATORS[name].number,
          })),
        ],
      },
    ],
  });
}

function buildFile({ name, desc }: MessageModel, { columns }: TableModel): FileDescriptorProto {
  const packageName = desc.file.proto.package;
  const own = (type: string) => `.${packageName}.${type}`;
  const repeated = (field: FieldInit): FieldInit => ({ ...field, label: Label.REPEATED });
  const messages: MessageInit[] = [
    message(`${name}Filter`, [
      typed("field", 1, Type.ENUM, own(`${name}Field`)),
      typed("operator", 2, Type.ENUM, ".wireloom.v1.Operator"),
      repeated(scalar("values", 3, Type.STRING)),
    ]),
    message(`${name}Order`, [typed("field", 1, Type.ENUM, own(`${name}Field`)), scalar("descending", 2, Type.BOOL)]),
    message(`List${name}Request`, [
      repeated(typed("filters", 1, Type.MESSAGE, own(`${name}Filter`))),
      repeated(typed("order_by", 2, Type.MESSAGE, own(`${name}Order`))),
      scalar("page_size", 3, Type.INT32),
      scalar("page_token", 4, Type.STRING),
      typed("count", 5, Type.ENUM, ".wireloom.v1.CountMode"),
    ]),
    {
      ...message(`List${name}Response`, [
        repeated(typed("rows", 1, Type.MESSAGE, own(name))),
        scalar("next_page_token", 2, Type.STRING),
        { ...scalar("count", 3, Type.UINT64), proto3Optional: true, oneofIndex: 0 },
        scalar("count_is_capped", 4, Type.BOOL),
      ]),
      oneofDecl: [{ name: "_count" }],
    },
    message(`Get${name}Request`, [scalar("id", 1, Type.STRING)]),
    message(`Get${name}Response`, [typed("row", 1, Type.MESSAGE, own(name))]),
    message(`Watch${name}Request`, [repeated(typed("filters", 1, Type.MESSAGE, own(`${name}Filter`)))]),
    message(`Watch${name}Response`, [
      repeated(typed("rows", 1, Type.MESSAGE, own(name))),
      scalar("missed", 2, Type.UINT64),
    ]),
  ];
  const prefix = `${constantCase(name)}_FIELD_`;
  const method = (verb: string, serverStreaming: boolean) => ({
    name: `${verb}${name}`,
    inputType: own(`${verb}${name}Request`),
    outputType: own(`${verb}${name}Response`),
    serverStreaming,
  });
  return create(FileDescriptorProtoSchema, {
    name: `${desc.file.name}_service.proto`,
    package: packageName,
    syntax: "proto3",
    dependency: [`${desc.file.name}.proto`, OPERATOR_FILE, "wireloom/v1/query.proto"],
    messageType: messages,
    enumType: [
      {
        name: `${name}Field`,
        value: [
          { name: `${prefix}UNSPECIFIED`, number: 0 },
          ...columns
            .toSorted((a, b) => a.fieldNumber - b.fieldNumber)
            .map(({ field, fieldNumber }) => ({ name: prefix + field.name.toUpperCase(), number: fieldNumber })),
        ],
      },
    ],
    service: [{ name: `${name}Service`, method: [method("List", false), method("Get", false), method("Watch", true)] }],
  });
}

function message(name: string, field: FieldInit[]): MessageInit {
  return { name, field };
}

function scalar(name: string, number: number, type: Type): FieldInit {
  const jsonName = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { name, number, type, label: Label.OPTIONAL, jsonName };
}

function typed(name: string, number: number, type: Type, typeName: string): FieldInit {
  return { ...scalar(name, number, type), typeName };
}
