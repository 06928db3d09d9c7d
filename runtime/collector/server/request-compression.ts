import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";

/** The compressions of requests and responses. A request that is cut is its client's fault, `invalid_argument`: Connect has `internal`. */
export const COMPRESSIONS: readonly Compression[] = [compressionGzip, compressionBrotli].map((compression) => ({
  ...compression,
  decompress: (bytes, readMaxBytes) => compression.decompress(bytes, readMaxBytes).catch(blameClient),
}));

function blameClient(error: unknown): never {
  if (!(error instanceof ConnectError) || error.code !== Code.Internal) throw error;
  throw new ConnectError(error.rawMessage, Code.InvalidArgument, undefined, undefined, error.cause);
}
