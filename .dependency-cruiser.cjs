/** Import directions: each room knows those below it. docs and reasons: CONTRIBUTING.md, "Layout". */
const conformance = "^plugins/[^/]+/conformance/";
const test = `\\.test\\.ts$|/testing/|${conformance}`;
/** Rooms that run wherever JavaScript does; nothing in them imports a module of Node.js. */
const portable =
  "^(runtime/(bytes|protobuf|record|schema|packet|plugin|engine)|plugins)/|^runtime/wireloom-error\\.ts$";
const any = "^(runtime|plugins|generated|codegen|test|bench)/";
const shared = "^generated/wireloom/v1/";
/** Types of the annotations, which columns carry; their values are not imported. */
const annotations = "^generated/wireloom/v1/annotations_pb\\.ts$";
const error = "^runtime/wireloom-error\\.ts$";

/** A room imports itself and those named, of the project. */
function room(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from, pathNot: test },
    to: { path: any, pathNot: [from, ...allowed] },
  };
}

const bytes = "^runtime/bytes/";
const record = "^runtime/record/";
const protobuf = "^runtime/protobuf/";
const schema = "^runtime/schema/";
const packet = "^runtime/packet/";
const plugin = "^runtime/plugin/";
const engine = "^runtime/engine/";
const capture = "^runtime/capture/";
/** What backends of the store have in common: SQL, and the tests of a backend. Each other folder there is a backend. */
const sharedByBackends = "^runtime/store/(sql|testing)/";
const backend = "^runtime/store/([^/]+)/";

module.exports = {
  forbidden: [
    room("bytes", bytes, [error], "Bytes and texts of networks know nothing else."),
    room("record", record, [bytes, error], "Values of one record or of columns."),
    room("protobuf", protobuf, [bytes, record, error], "The wire form of protobuf."),
    room("schema", schema, [bytes, record, annotations, error], "Semantic types, values and filters."),
    room("packet", packet, [bytes, record, shared, error], "Layers know records, and the numbers of tunnels."),
    room("plugin", plugin, [bytes, record, protobuf, schema, packet, shared, error], "The plugin API runs no plugin."),
    room(
      "engine",
      engine,
      [bytes, record, protobuf, schema, packet, plugin, shared, error],
      "The engine runs plugins; where packets come from and where rows go is not its concern.",
    ),
    room(
      "capture",
      capture,
      [bytes, record, schema, packet, error, "^runtime/read-failure\\.ts$"],
      "Sources hand over blocks of packets.",
    ),
    {
      name: "portable-rooms-import-no-node-modules",
      comment:
        "Engine, plugin API, layers and decoders can run in a browser: cryptography comes in through an interface.",
      severity: "error",
      from: { path: portable, pathNot: test },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "plugins-import-the-plugin-api",
      comment:
        "A plugin imports runtime/plugin, its own files and generated ones, and of another plugin its library.ts.",
      severity: "error",
      from: { path: "^plugins/([^/]+)/", pathNot: test },
      to: {
        path: any,
        pathNot: ["^runtime/plugin/index\\.ts$", "^(plugins|generated)/$1/", "^plugins/[^/]+/library\\.ts$"],
      },
    },
    {
      name: "runtime-knows-no-plugin",
      comment:
        "The runtime is handed the registry; only the command line, tests and the shared messages import generated files.",
      severity: "error",
      from: { path: "^runtime/", pathNot: ["^runtime/cli/", test] },
      to: { path: "^(plugins|generated)/", pathNot: shared },
    },
    {
      name: "generated-imports-api-and-plugins",
      severity: "error",
      from: { path: "^generated/", pathNot: "/testing/|random" },
      to: { path: "^(runtime|codegen|test|bench)/", pathNot: [bytes, record, protobuf, schema, plugin] },
    },
    {
      name: "codegen-imports-the-schema",
      severity: "error",
      from: { path: "^codegen/", pathNot: test },
      to: { path: "^(runtime|plugins|generated|test|bench)/", pathNot: [schema, annotations] },
    },
    {
      name: "agent-and-collector-are-apart",
      comment: "Each can be installed without the other.",
      severity: "error",
      from: { path: "^runtime/agent/", pathNot: test },
      to: { path: "^runtime/(collector|store|cli)/" },
    },
    {
      name: "collector-knows-no-engine",
      severity: "error",
      from: { path: "^runtime/(collector|store)/", pathNot: test },
      to: { path: "^runtime/(agent|capture|engine|packet|cli)/" },
    },
    {
      name: "sql-knows-no-backend",
      comment: "What differs between databases comes in through DatabaseSql.",
      severity: "error",
      from: { path: "^runtime/store/sql/", pathNot: test },
      to: { path: backend, pathNot: sharedByBackends },
    },
    {
      name: "only-the-table-of-backends-imports-backends",
      comment: "Everything else opens a store by its location.",
      severity: "error",
      from: { path: any, pathNot: ["^runtime/store/backends\\.ts$", backend, "^(test|bench)/", test] },
      to: { path: backend, pathNot: sharedByBackends },
    },
    {
      name: "backends-are-apart",
      severity: "error",
      from: { path: backend, pathNot: [sharedByBackends, test] },
      to: { path: backend, pathNot: [sharedByBackends, "^runtime/store/$1/"] },
    },
    {
      name: "only-the-command-line-imports-itself",
      severity: "error",
      from: { pathNot: "^(runtime/cli|test|bench)/" },
      to: { path: "^runtime/cli/" },
    },
    {
      name: "tests-support-tests",
      comment: "What only tests and benchmarks use is in folders called testing, which are not shipped.",
      severity: "error",
      from: { pathNot: `${test}|^(test|bench)/|^generated/` },
      to: { path: "/testing/" },
    },
    {
      name: "conformance-supports-tests",
      comment: "How a plugin's rows are compared with tshark is not shipped; test/conformance finds the files by name.",
      severity: "error",
      from: { pathNot: conformance },
      to: { path: conformance },
    },
    {
      name: "conformance-is-of-one-plugin",
      comment: "What reasons of several protocols need is in test/conformance.",
      severity: "error",
      from: { path: "^plugins/([^/]+)/conformance/" },
      to: { path: "^(plugins|generated)/(?!wireloom/)", pathNot: "^(plugins|generated)/$1/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: { pathNot: "^generated/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|node_modules)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"], mainFields: ["module", "main"] },
  },
};
