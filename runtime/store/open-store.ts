import type { CollectedEvent } from "../plugin/plugin.js";
import { WireloomError } from "../wireloom-error.js";
import { BACKENDS } from "./backends.js";
import type { Store } from "./store.js";
import type { StoreBackend, StoreOptions } from "./store-backend.js";

/**
 * Opens the store of a location such as `duckdb:wireloom.duckdb`, as its backend's {@link StoreBackend.open} says. Throws a
 * {@link WireloomError} `usage` on a location of no backend.
 */
export async function openStore(
  location: string,
  events: readonly CollectedEvent[],
  options: StoreOptions = {},
): Promise<Store> {
  return backendOf(location).open(location, events, options);
}

/** Throws a {@link WireloomError} `usage` on a text that is not a location of a store; opens and makes nothing. */
export function checkLocation(location: string): void {
  backendOf(location).checkLocation(location);
}

function backendOf(location: string): StoreBackend {
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(location)?.[1];
  const backend = BACKENDS.find((candidate) => candidate.scheme === scheme);
  if (backend !== undefined) return backend;
  const schemes = BACKENDS.map((candidate) => `${candidate.scheme}:`).join(" or ");
  const suggestions = BACKENDS.map((candidate) => candidate.suggestLocation(location)).join(" or ");
  throw new WireloomError(
    "usage",
    `${JSON.stringify(location)} is not a store; give a location that begins with ${schemes}, such as ${suggestions}`,
  );
}
