import { WireloomError } from "../wireloom-error.js";

/** Checks a collector's URL, which consists of scheme, host and port, and removes a trailing slash. Throws `usage`. */
export function parseCollectorUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    // A password, or a token in a query, must not be shown.
    const shown = text.replace(/\/\/.*@/s, "//…@").replace(/[?#].*/s, "");
    const example = /^[\w.-]+:\d+$/.test(text) ? `http://${text}, or https:// with TLS` : "http://127.0.0.1:4870";
    throw new WireloomError("usage", `"${shown}" is not a collector's URL; write it as ${example}`);
  }
  if (url.username !== "" || url.password !== "")
    throw new WireloomError("usage", `--collector does not accept a user or password; write it as ${url.origin}`);
  if (url.pathname !== "/")
    throw new WireloomError(
      "usage",
      `--collector does not accept a path such as ${url.pathname}; write it as ${url.origin}`,
    );
  if (url.href !== `${url.origin}/`)
    throw new WireloomError("usage", `--collector does not accept a query or fragment; write it as ${url.origin}`);
  return url.origin;
}
