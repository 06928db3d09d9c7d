import { WireloomError } from "../wireloom-error.js";

/** Checks a collector's URL and takes the slash from its end. Throws `usage`. */
export function parseCollectorUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new WireloomError("usage", `"${text}" is not a collector's URL; write it as http://127.0.0.1:4870`);
  }
  return url.href.replace(/\/$/, "");
}
