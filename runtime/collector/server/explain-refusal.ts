import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { errorToJsonBytes } from "@connectrpc/connect/protocol-connect";
import { quote } from "../../schema/quote.js";

/**
 * The response with an error in Connect's form where Connect has a status alone: of a request by another HTTP method than POST (405), of a
 * content type that the method does not take (415), or over HTTP/1.1 to a method that streams both ways (505).
 */
export function explainRefusal(
  response: UniversalServerResponse,
  method: DescMethod,
  request: UniversalServerRequest,
): UniversalServerResponse {
  const error = response.body === undefined ? refusal(response.status, method, request) : undefined;
  if (error === undefined) return response;
  const bytes = errorToJsonBytes(error, undefined);
  const header = new Headers(response.header);
  header.set("content-type", "application/json");
  header.set("content-length", String(bytes.length));
  if (response.status === 405) header.set("allow", "POST");
  return { status: response.status, header, body: iterate(bytes) };
}

function refusal(status: number, method: DescMethod, request: UniversalServerRequest): ConnectError | undefined {
  switch (status) {
    case 405:
      return new ConnectError(`${method.name} takes POST, not ${request.method}`, Code.Unimplemented);
    case 415:
      return new ConnectError(describeType(method, request.header.get("content-type") ?? ""), Code.InvalidArgument);
    case 505: {
      const message = `${method.name} streams in both directions, which HTTP/1.1 cannot; use HTTP/2, without TLS with prior knowledge`;
      return new ConnectError(message, Code.Unimplemented);
    }
    default:
      return undefined;
  }
}

function describeType({ name, methodKind }: DescMethod, type: string): string {
  const problem = type === "" ? "the request has no Content-Type" : `${name} does not take Content-Type ${quote(type)}`;
  const connect =
    methodKind === "unary"
      ? "application/json or application/proto"
      : "application/connect+json or application/connect+proto (it streams messages in Connect's envelopes)";
  return `${problem}; send ${connect}, or application/grpc or application/grpc-web`;
}

async function* iterate(bytes: Uint8Array): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield new Uint8Array(bytes);
}
