import type { Context } from "hono";
import { WireloomError } from "../../wireloom-error.js";

/** The type of {@link negotiateType} for a request. Throws `not_acceptable`, which lists the types. */
export function requireType<Type extends string>(context: Context, offered: readonly Type[]): Type {
  const type = negotiateType(context.req.header("accept"), offered);
  if (type !== undefined) return type;
  throw new WireloomError("not_acceptable", `accept: the response can only be ${offered.join(", ")}`);
}

/** Throws `not_acceptable` where a request does not accept JSON. */
export function requireJson(context: Context): void {
  requireType(context, ["application/json"]);
}

/**
 * The offered media type that an Accept header prefers, the first of equals; undefined where it accepts none
 * (RFC 9110, section 12.5.1). Without a header any is accepted.
 */
function negotiateType<Type extends string>(accept: string | undefined, offered: readonly Type[]): Type | undefined {
  if (accept === undefined || accept.trim() === "") return offered[0];
  let best: Type | undefined;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(accept, type);
    if (quality > bestQuality) {
      best = type;
      bestQuality = quality;
    }
  }
  return best;
}

/** Quality of the most specific range that covers the type; 0 where none does. */
function qualityOf(accept: string, type: string): number {
  let quality = 0;
  let specificity = 0;
  for (const item of accept.toLowerCase().split(",")) {
    const [range = "", ...parameters] = item.split(";").map((part) => part.trim());
    const rank = range === type ? 3 : range === `${type.split("/")[0]}/*` ? 2 : range === "*/*" ? 1 : 0;
    if (rank <= specificity) continue;
    specificity = rank;
    const stated = parameters.find((parameter) => parameter.startsWith("q="));
    quality = stated === undefined ? 1 : Number(stated.slice(2)) || 0;
  }
  return quality;
}
