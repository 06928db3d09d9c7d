import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import {
  codeToHttpStatus,
  endStreamFlag,
  endStreamToJson,
  errorToJsonBytes,
} from "@connectrpc/connect/protocol-connect";
import { listNames, nearestName } from "../../schema/nearest-name.js";
import { quote } from "../../schema/quote.js";
import type { NodeRequest, NodeResponse } from "./connect-adapter.js";

/** `/package.Service/Method`, as Connect and gRPC call. */
const METHOD_PATH = /^\/((?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*)\/([A-Za-z_]\w*)$/;

/** The problem of a path that has a method's form and that no service has; undefined for paths of another form. */
export function describeUnknownMethod(path: string, services: readonly DescService[]): string | undefined {
  const [, serviceName, methodName] = METHOD_PATH.exec(path) ?? [];
  if (serviceName === undefined || methodName === undefined) return undefined;
  const service = services.find(({ typeName }) => typeName === serviceName);
  if (service !== undefined) {
    const names = listNames(service.methods.map(({ name }) => name));
    return `${serviceName} has no method ${quote(methodName)}; it has ${names}`;
  }
  // Package and suffix are the same in all services, so that only the subject is compared.
  const wanted = nearestName(
    subject(serviceName),
    services.map(({ typeName }) => subject(typeName)),
  );
  const nearest = services.find(({ typeName }) => subject(typeName) === wanted);
  const guess =
    nearest === undefined
      ? `there are ${listNames(services.map(({ typeName }) => typeName))}`
      : `the nearest is ${quote(nearest.typeName)}`;
  return `there is no service ${quote(serviceName)}; ${guess}`;
}

/** `dns` of `wireloom.dns.v1.DnsService`. */
function subject(serviceName: string): string {
  const name = serviceName.slice(serviceName.lastIndexOf(".") + 1);
  return name.replace(/Service$/, "").toLowerCase();
}

/** Refuses a request with `unimplemented`, in the form of the protocol that its content type names. */
export function refuseUnknownMethod(request: NodeRequest, response: NodeResponse, message: string): void {
  const type = request.headers["content-type"] ?? "";
  const error = new ConnectError(message, Code.Unimplemented);
  if (/^application\/grpc\b/i.test(type)) {
    // A response of trailers alone (gRPC over HTTP/2, "Trailers-Only").
    response.setHeader("content-type", type);
    response.setHeader("grpc-status", String(error.code));
    response.setHeader("grpc-message", encodeURIComponent(message));
    response.end();
  } else if (/^application\/connect\+/i.test(type)) {
    response.setHeader("content-type", type);
    const end = JSON.stringify(endStreamToJson(new Headers(), error, undefined));
    response.end(encodeEnvelope(endStreamFlag, Buffer.from(end)));
  } else {
    response.statusCode = codeToHttpStatus(error.code);
    response.setHeader("content-type", "application/json");
    response.end(errorToJsonBytes(error, undefined));
  }
}
