import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { checkCommunityId } from "./community-id-text.js";

// The example of https://github.com/corelight/community-id-spec for 128.232.110.120:34855 and 66.35.250.204:80, TCP.
it("takes the specification's example and any SHA-1", () => {
  checkCommunityId("1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "community_id");
  fc.assert(
    fc.property(fc.string(), (text) => {
      checkCommunityId(`1:${createHash("sha1").update(text).digest("base64")}`, "community_id");
    }),
  );
});

it("takes the keyed hash that redaction makes of one", () => {
  checkCommunityId("4b227777d4dd1fc61c6f884f48641d", "community_id");
});

it.each([
  "4b227777d4dd1fc61c6f884f48641",
  "4b227777d4dd1fc61c6f884f48641d02",
  "4B227777D4DD1FC61C6F884F48641D",
  "xx",
  "",
  "1:",
  "LQU9qZlK+B5F3KDmev6m5PMibrg=",
  "2:LQU9qZlK+B5F3KDmev6m5PMibrg=",
  "1:LQU9qZlK+B5F3KDmev6m5PMibrg",
  "1:LQU9qZlK+B5F3KDmev6m5PMibrh=",
  "1:LQU9qZlK-B5F3KDmev6m5PMibrg=",
  "1:LQU9qZlK B5F3KDmev6m5PMibrg=",
  "1:LQU9qZlK+B5F3KDmev6m5PMibr==",
  "1:LQU9qZlK+B5F3KDmev6m5PMibrg=\n",
])("refuses %j", (text) => {
  expect(() => checkCommunityId(text, "community_id")).toThrow(/community_id: .* is not a Community ID, such as 1:/);
});
