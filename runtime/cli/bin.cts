// Entry of the built command, which bin/wireloom.cjs loads. It is a CommonJS module because libuv reads the size of its thread pool at the
// first use, before any ES module runs. Each database statement occupies a thread: with libuv's default of four, queries would delay
// commits.
process.env["UV_THREADPOOL_SIZE"] ??= "12";
void import("./wireloom.js");
