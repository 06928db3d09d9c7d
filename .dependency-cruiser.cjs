/** Import directions: plugins → plugin API; generated → plugin API and plugins; cli → everything. */
const api = "^runtime/(plugin|packet|conversation|wire|schema)/|^runtime/wireloom-error\\.ts$";

module.exports = {
  forbidden: [
    {
      name: "plugins-import-the-plugin-api",
      comment:
        "A plugin knows the plugin API and its own record, nothing else of the project; QUIC has a rule of its own.",
      severity: "error",
      from: { path: "^plugins/([^/]+)/", pathNot: ["\\.test\\.ts$", "-fixture\\.ts$", "^plugins/quic/"] },
      to: {
        path: "^(runtime|plugins|generated|codegen|test|bench)/",
        pathNot: [api, "^plugins/$1/", "^generated/$1/"],
      },
    },
    {
      name: "quic-imports-the-plugin-api-and-tls",
      comment: "QUIC carries the TLS handshake (RFC 9001), whose messages the TLS plugin reads.",
      severity: "error",
      from: { path: "^plugins/quic/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^(runtime|plugins|generated|codegen|test|bench)/",
        pathNot: [api, "^(plugins|generated)/(quic|tls)/"],
      },
    },
    {
      name: "runtime-knows-no-plugin",
      comment:
        "The runtime is handed the registry; only the command line, tests and the shared messages import generated files.",
      severity: "error",
      from: { path: "^runtime/", pathNot: ["^runtime/cli/", "\\.test\\.ts$", "-fixture\\.ts$", "/testing/"] },
      to: { path: "^(plugins|generated)/", pathNot: "^generated/wireloom/v1/" },
    },
    {
      name: "generated-imports-api-and-plugins",
      severity: "error",
      from: { path: "^generated/" },
      to: { path: "^(runtime|codegen|test|bench)/", pathNot: api },
    },
    {
      name: "codegen-imports-the-schema",
      severity: "error",
      from: { path: "^codegen/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(runtime|plugins|generated|test|bench)/", pathNot: "^runtime/schema/" },
    },
    {
      name: "the-plugin-api-stands-below",
      comment: "Layers below the agent and the collector do not know them.",
      severity: "error",
      from: { path: api, pathNot: "\\.test\\.ts$|^runtime/plugin/testing/" },
      to: { path: "^runtime/(agent|collector|store|cli)/" },
    },
    {
      name: "nobody-imports-the-command-line",
      severity: "error",
      from: { pathNot: "^(runtime/cli|test|bench)/" },
      to: { path: "^runtime/cli/" },
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
