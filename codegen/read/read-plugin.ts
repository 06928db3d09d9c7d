import { join } from "node:path";
import type { DescMessage } from "@bufbuild/protobuf";
import type { EventOptions, PendingOptions } from "../../generated/wireloom/v1/annotations_pb.js";
import { type DecoderOption, OPTION_TYPES, optionProblem } from "../../runtime/schema/option-type.js";
import { TAKEN_EVENTS, TAKEN_FOLDERS, TAKEN_RESOURCES } from "../../runtime/schema/taken-names.js";
import { OBSERVATION } from "../model/message-model.js";
import type { BindingsModel, PluginModel } from "../model/plugin-model.js";
import { lowerFirst } from "../names.js";
import { buildService } from "./build-service.js";
import { checkDecoder } from "./check-decoder.js";
import type { Diagnostics } from "./diagnostics.js";
import type { MessageReader } from "./read-message.js";
import { readTable } from "./read-table.js";
import { InvalidLock, LOCK_FILE, readSchemaLock, type SchemaLock } from "./schema-lock.js";
import { lineOf, projectPath } from "./source-location.js";

/** Tables of the store itself, and the views of events that it makes. */
const TAKEN_TABLES = /^wireloom_|_readable$/;

/** Option of every plugin that pairs requests with responses; read by the runtime. */
const ANSWER_TIMEOUT = "answer_timeout";

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** Maximum number of entries of a pending table. */
const MAX_PENDING_ENTRIES = 1_048_576;

/** The plugin of an annotated message; reports its mistakes and returns undefined if there are any. `root` is the project's folder. */
export function readPlugin(
  desc: DescMessage,
  annotation: EventOptions,
  messages: MessageReader,
  root: string,
  diagnostics: Diagnostics,
): PluginModel | undefined {
  const path = projectPath(desc.file);
  const fail = (text: string): undefined => diagnostics.report(path, lineOf(desc), text) as undefined;
  const [folder, fileName, ...rest] = desc.file.name.split("/");
  if (folder === undefined || fileName === undefined || rest.length > 0) {
    return fail("an event's proto is plugins/<name>/<name>.proto; move it there");
  }
  if (!SNAKE_CASE.test(folder)) {
    return fail(
      `the folder's name ${JSON.stringify(folder)} is not in snake_case: lower-case letters and digits, in words separated by _; rename it`,
    );
  }
  if (TAKEN_FOLDERS.has(folder))
    return fail(`the folder's name ${folder} is reserved; rename it, for example to ${folder}_1`);
  if (fileName !== folder)
    return fail(
      `the event of this folder must be declared in ${folder}.proto; rename this file, or move it to a folder of its own`,
    );
  if (TAKEN_EVENTS.has(desc.name)) {
    return fail(`message ${desc.name}: the collector's OpenAPI document has this name already; rename the message`);
  }
  if (!SNAKE_CASE.test(annotation.resource)) {
    return fail(`resource ${JSON.stringify(annotation.resource)} is not in snake_case, such as "dns"`);
  }
  if (TAKEN_RESOURCES.has(annotation.resource))
    return fail(`resource "${annotation.resource}" is taken by the collector; choose another one`);
  if (TAKEN_TABLES.test(annotation.resource))
    return fail(`resource "${annotation.resource}" is a table or view of the store; choose another one`);
  checkBindings(annotation, fail);
  checkOptions(annotation, fail);
  checkPending(annotation, fail);
  const observed = desc.fields.find((field) => field.message?.typeName === OBSERVATION);
  if (observed?.name !== "observation" || observed.number !== 1 || observed.fieldKind !== "message") {
    return fail("the first field of an event must be: wireloom.v1.Observation observation = 1;");
  }

  const message = messages.read(desc);
  const lockPath = `plugins/${folder}/${LOCK_FILE}`;
  const table = readTable(message, annotation, readLock(root, lockPath, diagnostics), lockPath, diagnostics);
  const bindings = bindingsOf(annotation);
  const decoder = { root, plugin: folder, recordName: `${message.name}Record`, bindings };
  const checked = checkDecoder(
    { ...decoder, hasPending: annotation.pending !== undefined },
    path,
    lineOf(desc),
    diagnostics,
  );
  return {
    folder,
    variable: lowerFirst(message.name),
    message,
    table,
    service: buildService(message, table),
    bindings,
    options: optionsOf(annotation),
    pending: annotation.pending,
    decoderExports: checked.exports,
    layerClaims: checked.layerClaims,
  };
}

function readLock(root: string, path: string, diagnostics: Diagnostics): SchemaLock {
  try {
    return readSchemaLock(join(root, path));
  } catch (error) {
    if (!(error instanceof InvalidLock)) throw error;
    diagnostics.report(path, error.line, error.message);
    return { tables: {} };
  }
}

function bindingsOf(annotation: EventOptions): BindingsModel {
  const { udpPorts, tcpPorts, ethertypes, ipProtocols, everyPacket } = annotation;
  return { udpPorts, tcpPorts, ethertypes, ipProtocols, everyPacket };
}

function checkBindings(annotation: EventOptions, fail: (text: string) => void): void {
  for (const [binding, ports] of [
    ["udp_ports", annotation.udpPorts],
    ["tcp_ports", annotation.tcpPorts],
  ] as const) {
    for (const port of ports) {
      if (port < 1 || port > 65535) fail(`${binding}: ${port} is not a port; ports are 1 to 65535`);
    }
  }
  for (const ethertype of annotation.ethertypes) {
    if (ethertype < 0x600 || ethertype > 0xffff)
      fail(`ethertypes: ${ethertype} is not an Ethernet type (1536 to 65535)`);
  }
  for (const protocol of annotation.ipProtocols) {
    if (protocol > 255) fail(`ip_protocols: ${protocol} is not an IP protocol number (0 to 255)`);
  }
}

function checkOptions({ options }: EventOptions, fail: (text: string) => void): void {
  const names = new Set<string>();
  for (const { name, type, defaultValue } of options) {
    const typeName = OPTION_TYPES[type];
    const problem = typeName === undefined ? undefined : optionProblem(typeName, defaultValue);
    if (typeName === undefined)
      fail(`option ${name}: type ${type} is not an OptionType; use its names, such as OPTION_TYPE_SECONDS`);
    if (problem !== undefined) fail(`option ${name}: its default_value ${problem}`);
    if (name === ANSWER_TIMEOUT)
      fail(`option ${ANSWER_TIMEOUT} is declared automatically with pending; remove this declaration`);
    if (!SNAKE_CASE.test(name)) fail(`option ${JSON.stringify(name)} is not in snake_case`);
    if (names.has(name)) fail(`option ${name} is declared twice`);
    names.add(name);
  }
}

function checkPending({ pending, tcpPorts, udpPorts }: EventOptions, fail: (text: string) => void): void {
  if (pending === undefined) return;
  const { maxEntries, ttlMs } = pending;
  if (maxEntries < 1 || maxEntries > MAX_PENDING_ENTRIES)
    fail(`pending.max_entries ${maxEntries} is out of range; use 1 to ${MAX_PENDING_ENTRIES}`);
  const isOfConnections = tcpPorts.length > 0 && udpPorts.length === 0;
  if (ttlMs === 0 && !isOfConnections)
    fail("pending.ttl_ms may be 0, for as long as a connection lives, only with TCP");
}

function optionsOf({ options, pending }: EventOptions): DecoderOption[] {
  const declared = options.map(({ name, type, defaultValue, description }) => {
    return { name, defaultValue, description, type: OPTION_TYPES[type]! };
  });
  return pending === undefined ? declared : [...declared, answerTimeout(pending)];
}

function answerTimeout({ ttlMs }: PendingOptions): DecoderOption {
  return {
    name: ANSWER_TIMEOUT,
    defaultValue: String(ttlMs / 1000),
    description:
      ttlMs === 0
        ? "Seconds that a request waits for its response; 0: as long as its connection lives."
        : "Seconds that a request waits for its response, counted from its last transmission.",
    type: ttlMs === 0 ? "seconds_or_zero" : "seconds",
  };
}
