// The built command's entry, which bin/wireloom.cjs loads. It is a CommonJS module, because libuv reads the size of its thread pool at its
// first use, which is before any ES module runs. The statements of a database occupy a thread each: with libuv's four, queries would keep
// commits waiting.
process.env["UV_THREADPOOL_SIZE"] ??= "12";
void import("./wireloom.js");
