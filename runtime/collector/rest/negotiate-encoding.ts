const ENCODINGS = ["br", "gzip"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * The content coding that an Accept-Encoding header prefers, `br` of equals; undefined where it prefers none of them, and without a
 * header (RFC 9110, section 12.5.3).
 */
export function negotiateEncoding(accept: string | undefined): Encoding | undefined {
  if (accept === undefined) return undefined;
  const qualities = new Map<string, number>();
  for (const item of accept.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = item.split(";").map((part) => part.trim());
    const stated = parameters.find((parameter) => parameter.startsWith("q="));
    qualities.set(coding === "x-gzip" ? "gzip" : coding, stated === undefined ? 1 : Number(stated.slice(2)) || 0);
  }
  let best: Encoding | undefined;
  // `identity` has the quality of codings that the header does not name, unless it names it.
  let bestQuality = qualities.get("identity") ?? 0;
  for (const encoding of ENCODINGS) {
    const quality = qualities.get(encoding) ?? qualities.get("*") ?? 0;
    if (quality > bestQuality || (quality > 0 && quality === bestQuality && best === undefined)) {
      best = encoding;
      bestQuality = quality;
    }
  }
  return best;
}
