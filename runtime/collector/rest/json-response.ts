/** A response of JSON text. */
export function jsonResponse(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  const length = String(Buffer.byteLength(body) + 1);
  return new Response(`${body}\n`, {
    status,
    headers: { "content-type": "application/json", "content-length": length, ...headers },
  });
}
