import { create, type DescService, type Message } from "@bufbuild/protobuf";
import type { ConnectRouter, ServiceImpl } from "@connectrpc/connect";
import { FileIndex } from "./file-index.js";
import { REFLECTION_PACKAGES, reflectionService } from "./reflection-descriptors.js";

/** gRPC's status NOT_FOUND. */
const NOT_FOUND = 5;

/** Adds gRPC server reflection of the given services, so that clients such as grpcurl need no `.proto` files. */
export function addReflection(router: ConnectRouter, services: readonly DescService[]): void {
  const reflections = REFLECTION_PACKAGES.map(reflectionService);
  const index = new FileIndex([...services, ...reflections]);
  for (const service of reflections) {
    const { output } = service.method.serverReflectionInfo!;
    const implementation = {
      async *serverReflectionInfo(requests: AsyncIterable<Message & ReflectionRequest>): AsyncIterable<Message> {
        for await (const request of requests) {
          yield create(output, {
            validHost: request.host,
            originalRequest: request,
            messageResponse: answer(index, request.messageRequest),
          });
        }
      },
    };
    // The service is made at run time, so its types are those of the interface below.
    router.service(service, implementation as unknown as Partial<ServiceImpl<typeof service>>);
  }
}

interface ReflectionRequest {
  readonly host: string;
  readonly messageRequest:
    | {
        readonly case: "fileByFilename" | "fileContainingSymbol" | "allExtensionNumbersOfType" | "listServices";
        readonly value: string;
      }
    | {
        readonly case: "fileContainingExtension";
        readonly value: { readonly containingType: string; readonly extensionNumber: number };
      }
    | { readonly case: undefined };
}

function answer(
  index: FileIndex,
  request: ReflectionRequest["messageRequest"],
): { readonly case: string; readonly value: object } {
  switch (request.case) {
    case "listServices":
      return { case: "listServicesResponse", value: { service: index.serviceNames.map((name) => ({ name })) } };
    case "fileByFilename":
      return filesResponse(index.filesByName(request.value), request.value);
    case "fileContainingSymbol":
      return filesResponse(index.filesBySymbol(request.value), request.value);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = request.value;
      return filesResponse(
        index.filesByExtension(containingType, extensionNumber),
        `extension ${extensionNumber} of ${containingType}`,
      );
    }
    case "allExtensionNumbersOfType":
      return {
        case: "allExtensionNumbersResponse",
        value: { baseTypeName: request.value, extensionNumber: index.extensionNumbers(request.value) },
      };
    default:
      return notFound("an empty request");
  }
}

function filesResponse(files: readonly Uint8Array[], what: string): { readonly case: string; readonly value: object } {
  return files.length === 0
    ? notFound(what)
    : { case: "fileDescriptorResponse", value: { fileDescriptorProto: files } };
}

function notFound(what: string): { readonly case: string; readonly value: object } {
  return {
    case: "errorResponse",
    value: { errorCode: NOT_FOUND, errorMessage: `there is nothing for ${what.slice(0, 200)}` },
  };
}
