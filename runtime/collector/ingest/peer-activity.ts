import { type ContextValues, createContextKey, createContextValues } from "@connectrpc/connect";

/** Bytes received on a request's connection so far; undefined where it is not known. */
export type BytesReceived = () => number | undefined;

/** The {@link BytesReceived} of the request that is being handled. */
export const bytesReceived = createContextKey<BytesReceived>(() => undefined, {
  description: "bytes received on the connection",
});

/** Context values of a request. */
export function peerContext(request: { readonly socket: { readonly bytesRead?: number } }): ContextValues {
  const { socket } = request;
  return createContextValues().set(bytesReceived, () => socket.bytesRead);
}
