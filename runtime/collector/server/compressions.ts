import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";

/** zlib's code for a stream that ends too early. */
const TRUNCATED = "Z_BUF_ERROR";

/** The compressions of requests and responses. A truncated request gives `invalid_argument`, where Connect reports `internal`. */
export const COMPRESSIONS: readonly Compression[] = [compressionGzip, compressionBrotli].map((compression) => ({
  ...compression,
  decompress: (bytes, readMaxBytes) => compression.decompress(bytes, readMaxBytes).catch(correctCode),
}));

function correctCode(error: unknown): never {
  const cause = error instanceof ConnectError ? error.cause : undefined;
  if (!(error instanceof ConnectError) || (cause as NodeJS.ErrnoException | undefined)?.code !== TRUNCATED) throw error;
  throw new ConnectError(error.rawMessage, Code.InvalidArgument, undefined, undefined, cause);
}
