import { WireloomError } from "../wireloom-error.js";

/** Checks a collector's URL, which is a scheme, a host and a port, and takes the slash from its end. Throws `usage`. */
export function parseCollectorUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new WireloomError("usage", `"${text}" is not a collector's URL; write it as http://127.0.0.1:4870`);
  }
  // A user's password would otherwise be shown with every message.
  if (url.username !== "" || url.password !== "")
    throw new WireloomError("usage", `--collector takes no user or password; write it as ${url.origin}`);
  if (url.href !== `${url.origin}/`) {
    const rest = url.href.slice(url.origin.length);
    throw new WireloomError("usage", `--collector takes no path or query, as in "${rest}"; write it as ${url.origin}`);
  }
  return url.origin;
}
