/** Resources that no plugin may have: the collector's own collections, and the prefixes of counters that are not a plugin's. */
export const TAKEN_RESOURCES: ReadonlySet<string> = new Set(["agents", "capture", "decode", "engine"]);

/** Folders that have a meaning of their own: files in `testing` are not shipped, the others have protos that all plugins import. */
export const TAKEN_FOLDERS: ReadonlySet<string> = new Set(["testing", "wireloom", "google"]);

/** Names in the collector's OpenAPI document, where the schemas and operations of events are named after their messages. */
export const TAKEN_EVENTS: ReadonlySet<string> = new Set(["Error", "Agent", "Agents", "Collections", "Health"]);
