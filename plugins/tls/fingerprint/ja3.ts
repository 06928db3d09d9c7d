import type { HelloRecord } from "../../../generated/tls/hello-record.js";
import { cryptography, type NumberList } from "../../../runtime/plugin/index.js";
import { itemsWithoutGrease } from "./list-items.js";

/**
 * JA3 of a ClientHello, whose version is `version`, in hexadecimal digits (https://github.com/salesforce/ja3); undefined if a list
 * exceeds its bound.
 */
export function ja3(hello: HelloRecord, pointFormats: NumberList, version: number): string | undefined {
  const { offeredCipherSuites, clientExtensions, offeredGroups } = hello;
  const lists = [offeredCipherSuites, clientExtensions, offeredGroups, pointFormats];
  if (lists.some(({ overflowed }) => overflowed)) return undefined;
  return md5([String(version), ...lists.map(inDashes)].join(","));
}

/** JA3S of a ServerHello, whose version field is `version`; undefined if a list exceeds its bound. */
export function ja3s(hello: HelloRecord, version: number): string | undefined {
  if (hello.serverExtensions.overflowed) return undefined;
  const { values, length } = hello.serverExtensions;
  return md5(`${version},${hello.cipherSuite},${values.slice(0, length).join("-")}`);
}

function inDashes(list: NumberList): string {
  return itemsWithoutGrease(list).join("-");
}

function md5(text: string): string {
  return cryptography().hexDigest("md5", text);
}
