import { create, createFileRegistry, type DescService } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/** Versions of the reflection service, which differ by their package only. */
export const REFLECTION_PACKAGES = ["grpc.reflection.v1", "grpc.reflection.v1alpha"] as const;

/** The service `ServerReflection` of a package (grpc/grpc, src/proto/grpc/reflection/v1/reflection.proto). */
export function reflectionService(packageName: string): DescService {
  const file = create(FileDescriptorProtoSchema, {
    name: `${packageName.replaceAll(".", "/")}/reflection.proto`,
    package: packageName,
    syntax: "proto3",
    messageType: [
      message("ServerReflectionRequest", [
        text("host", 1),
        text("file_by_filename", 3, 0),
        text("file_containing_symbol", 4, 0),
        nested("file_containing_extension", 5, `${packageName}.ExtensionRequest`, 0),
        text("all_extension_numbers_of_type", 6, 0),
        text("list_services", 7, 0),
      ]),
      message("ExtensionRequest", [text("containing_type", 1), int32("extension_number", 2)]),
      message("ServerReflectionResponse", [
        text("valid_host", 1),
        nested("original_request", 2, `${packageName}.ServerReflectionRequest`),
        nested("file_descriptor_response", 4, `${packageName}.FileDescriptorResponse`, 0),
        nested("all_extension_numbers_response", 5, `${packageName}.ExtensionNumberResponse`, 0),
        nested("list_services_response", 6, `${packageName}.ListServiceResponse`, 0),
        nested("error_response", 7, `${packageName}.ErrorResponse`, 0),
      ]),
      message("FileDescriptorResponse", [repeated(bytes("file_descriptor_proto", 1))]),
      message("ExtensionNumberResponse", [text("base_type_name", 1), repeated(int32("extension_number", 2))]),
      message("ListServiceResponse", [repeated(nested("service", 1, `${packageName}.ServiceResponse`))]),
      message("ServiceResponse", [text("name", 1)]),
      message("ErrorResponse", [int32("error_code", 1), text("error_message", 2)]),
    ],
    service: [
      {
        name: "ServerReflection",
        method: [
          {
            name: "ServerReflectionInfo",
            inputType: `.${packageName}.ServerReflectionRequest`,
            outputType: `.${packageName}.ServerReflectionResponse`,
            clientStreaming: true,
            serverStreaming: true,
          },
        ],
      },
    ],
  });
  return createFileRegistry(file, () => undefined).getService(`${packageName}.ServerReflection`)!;
}

interface FieldShape {
  readonly name: string;
  readonly number: number;
  readonly type: FieldDescriptorProto_Type;
  readonly typeName?: string;
  readonly label?: FieldDescriptorProto_Label;
  readonly oneofIndex?: number;
}

/** A message whose fields with a `oneofIndex` are the members of one oneof, `message_request` or `message_response`. */
function message(name: string, fields: readonly FieldShape[]): DescriptorProto {
  const hasOneof = fields.some((field) => field.oneofIndex !== undefined);
  return create(DescriptorProtoSchema, {
    name,
    field: fields.map((field) => ({ label: FieldDescriptorProto_Label.OPTIONAL, ...field })),
    oneofDecl: hasOneof ? [{ name: name.endsWith("Request") ? "message_request" : "message_response" }] : [],
  });
}

function field(name: string, number: number, type: FieldDescriptorProto_Type, oneofIndex?: number): FieldShape {
  return { name, number, type, ...(oneofIndex === undefined ? {} : { oneofIndex }) };
}

function text(name: string, number: number, oneofIndex?: number): FieldShape {
  return field(name, number, FieldDescriptorProto_Type.STRING, oneofIndex);
}

function bytes(name: string, number: number): FieldShape {
  return field(name, number, FieldDescriptorProto_Type.BYTES);
}

function int32(name: string, number: number): FieldShape {
  return field(name, number, FieldDescriptorProto_Type.INT32);
}

function nested(name: string, number: number, typeName: string, oneofIndex?: number): FieldShape {
  return { ...field(name, number, FieldDescriptorProto_Type.MESSAGE, oneofIndex), typeName: `.${typeName}` };
}

function repeated(shape: FieldShape): FieldShape {
  return { ...shape, label: FieldDescriptorProto_Label.REPEATED };
}
