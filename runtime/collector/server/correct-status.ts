import { Code } from "@connectrpc/connect";
import { encodeEnvelope, type UniversalServerResponse } from "@connectrpc/connect/protocol";
import { endStreamFlag } from "@connectrpc/connect/protocol-connect";

/** How Connect's message begins when the bytes of a request are not a message of its type, and the same as gRPC encodes it. */
const PARSE_FAILURE = "parse binary: ";
const ENCODED_PARSE_FAILURE = encodeURIComponent(PARSE_FAILURE);
/** First byte of a frame of trailers (gRPC-Web protocol). */
const TRAILERS_FLAG = 0x80;
/** Bytes of a frame's flag and length (gRPC and Connect protocols). */
const FRAME_HEADER_BYTES = 5;

/**
 * The response with `invalid_argument` where Connect reports `internal` for a request that cannot be read, because its binary parser
 * treats invalid bytes of a client as a fault of the server.
 */
export async function correctStatus(response: UniversalServerResponse): Promise<UniversalServerResponse> {
  const type = response.header?.get("content-type") ?? "";
  const { body } = response;
  if (body === undefined) return response;
  if (type.startsWith("application/grpc-web")) return { ...response, body: withGrpcWebStatus(body) };
  if (type.startsWith("application/grpc")) return { ...response, body: withGrpcStatus(body, response.trailer) };
  if (type.startsWith("application/connect+")) return { ...response, body: withConnectStatus(body) };
  return response.status === 500 ? unaryError(response, body) : response;
}

async function unaryError(
  response: UniversalServerResponse,
  body: AsyncIterable<Uint8Array>,
): Promise<UniversalServerResponse> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const message = parseFailure(bytes);
  if (message === undefined) return { ...response, body: iterate(bytes) };
  const mended = Buffer.from(JSON.stringify({ code: "invalid_argument", message }));
  response.header?.set("content-length", String(mended.length));
  return { ...response, status: 400, body: iterate(mended) };
}

/** The message of an error that says that the request could not be parsed; undefined for any other body, a compressed one too. */
function parseFailure(bytes: Buffer): string | undefined {
  try {
    const { code, message } = JSON.parse(bytes.toString("utf8")) as { code?: unknown; message?: unknown };
    const isParseFailure = code === "internal" && typeof message === "string" && message.startsWith(PARSE_FAILURE);
    return isParseFailure ? message : undefined;
  } catch {
    return undefined;
  }
}

async function* iterate(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(bytes);
}

/** The trailer is read after the body, so its status can be changed until then. */
async function* withGrpcStatus(
  body: AsyncIterable<Uint8Array>,
  trailer: Headers | undefined,
): AsyncGenerator<Uint8Array> {
  yield* body;
  if (trailer?.get("grpc-message")?.startsWith(ENCODED_PARSE_FAILURE))
    trailer.set("grpc-status", String(Code.InvalidArgument));
}

async function* withGrpcWebStatus(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield isParseFailure(chunk) ? withStatus(chunk) : chunk;
}

function isParseFailure(frame: Uint8Array): boolean {
  return frame[0] === TRAILERS_FLAG && Buffer.from(frame).includes(ENCODED_PARSE_FAILURE);
}

function withStatus(frame: Uint8Array): Uint8Array {
  const trailers = Buffer.from(frame.subarray(FRAME_HEADER_BYTES))
    .toString("latin1")
    .replace(/grpc-status: \d+/i, `grpc-status: ${Code.InvalidArgument}`);
  return encodeEnvelope(TRAILERS_FLAG, Buffer.from(trailers, "latin1"));
}

async function* withConnectStatus(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield chunk[0] === endStreamFlag ? withConnectCode(chunk) : chunk;
}

/** A frame that ends a stream (Connect protocol, "EndStreamResponse"). */
function withConnectCode(frame: Uint8Array): Uint8Array {
  const end = JSON.parse(Buffer.from(frame.subarray(FRAME_HEADER_BYTES)).toString("utf8")) as {
    error?: { code: string; message?: string };
  };
  if (end.error?.code !== "internal" || !end.error.message?.startsWith(PARSE_FAILURE)) return frame;
  end.error.code = "invalid_argument";
  return encodeEnvelope(endStreamFlag, Buffer.from(JSON.stringify(end)));
}
