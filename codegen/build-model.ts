import type { DescFile, DescMessage, Registry } from "@bufbuild/protobuf";
import { OPTION_TYPES, optionProblem } from "../runtime/schema/option-type.js";
import { AnnotationReader, type DecoderOption, type EventAnnotation } from "./annotations.js";
import { buildField } from "./build-field.js";
import { checkDecoder } from "./check-decoder.js";
import type { Diagnostics } from "./diagnostics.js";
import type { EventModel, FieldModel, RecordModel, SchemaModel } from "./model.js";
import { camelCase } from "./names.js";
import { type SchemaLock, versionTable } from "./schema-lock.js";
import { commentOf, lineOf, projectPath } from "./source-location.js";

const OBSERVATION = "wireloom.v1.Observation";

/** Query parameters, members of answers and the key of printed rows, which a column must not be called. */
const RESERVED_NAMES = new Set([
  "order_by",
  "page_size",
  "page_token",
  "fields",
  "count",
  "csv_safe",
  "limit",
  "format",
  "data",
  "rowid",
  "protocol",
]);

/** Option of every plugin that pairs requests with responses; the runtime reads it. */
const ANSWER_TIMEOUT = "answer_timeout";

/** The model of every annotated event in `files`; mistakes go to `diagnostics`. */
export function buildModel(
  files: readonly DescFile[],
  registry: Registry,
  lock: SchemaLock,
  root: string,
  diagnostics: Diagnostics,
): SchemaModel {
  const annotations = new AnnotationReader(registry);
  const observationMessage = registry.getMessage(OBSERVATION);
  if (observationMessage === undefined) throw new Error("proto/wireloom/v1/observation.proto is missing");
  const observation: RecordModel = {
    message: observationMessage,
    recordName: "ObservationRecord",
    fields: buildFields(observationMessage, observationMessage.fields, annotations, diagnostics),
  };

  const events: EventModel[] = [];
  for (const file of files.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const annotated = file.messages.filter((message) => annotations.event(message) !== undefined);
    for (const extra of annotated.slice(1)) {
      diagnostics.report(
        projectPath(file),
        lineOf(extra),
        "a plugin declares one event; move this one to a folder of its own",
      );
    }
    const message = annotated[0];
    if (message === undefined) continue;
    const event = buildEvent(message, annotations.event(message)!, observation, annotations, lock, root, diagnostics);
    if (event !== undefined) events.push(event);
  }
  reportDuplicates(events, diagnostics);
  return { observation, events };
}

function buildFields(
  message: DescMessage,
  descs: DescMessage["fields"],
  annotations: AnnotationReader,
  diagnostics: Diagnostics,
): FieldModel[] {
  for (const oneof of message.oneofs) {
    diagnostics.report(
      projectPath(message.file),
      lineOf(oneof),
      `oneof ${oneof.name}: a table has no oneof; use optional fields`,
    );
  }
  return descs
    .filter((desc) => desc.oneof === undefined)
    .map((desc) => buildField(desc, annotations, diagnostics))
    .filter((field) => field !== undefined)
    .toSorted((a, b) => a.number - b.number);
}

function buildEvent(
  message: DescMessage,
  annotation: EventAnnotation,
  observation: RecordModel,
  annotations: AnnotationReader,
  lock: SchemaLock,
  root: string,
  diagnostics: Diagnostics,
): EventModel | undefined {
  const path = projectPath(message.file);
  const fail = (text: string, line = lineOf(message)): undefined => diagnostics.report(path, line, text) as undefined;
  const [folder, fileName, ...rest] = message.file.name.split("/");
  if (folder === undefined || fileName === undefined || rest.length > 0) {
    return fail("an event's proto is plugins/<name>/<name>.proto");
  }
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(annotation.resource)) {
    return fail(`resource ${JSON.stringify(annotation.resource)} is not in snake_case, such as "dns"`);
  }
  if (annotation.resource === "agents") return fail('resource "agents" is taken by the collector');
  for (const [binding, ports] of [
    ["udp_ports", annotation.udpPorts],
    ["tcp_ports", annotation.tcpPorts],
  ] as const) {
    for (const port of ports) {
      if (port < 1 || port > 65535) fail(`${binding}: ${port} is not a port; ports are 1 to 65535`);
    }
  }
  for (const { name, type, defaultValue } of annotation.options) {
    const problem = optionProblem(OPTION_TYPES[type]!, defaultValue);
    if (problem !== undefined) fail(`option ${name}: its default_value ${problem}`);
    if (name === ANSWER_TIMEOUT) fail(`option ${ANSWER_TIMEOUT} is there without a declaration where pending is`);
    if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) fail(`option ${JSON.stringify(name)} is not in snake_case`);
  }
  for (const ethertype of annotation.ethertypes) {
    if (ethertype < 0x600 || ethertype > 0xffff)
      fail(`ethertypes: ${ethertype} is not an Ethernet type (1536 to 65535)`);
  }
  for (const protocol of annotation.ipProtocols) {
    if (protocol > 255) fail(`ip_protocols: ${protocol} is not an IP protocol number (0 to 255)`);
  }
  if (annotation.pending !== undefined) {
    const { maxEntries, ttlMs } = annotation.pending;
    if (maxEntries < 1 || maxEntries > 1048576) fail(`pending.max_entries ${maxEntries} is not from 1 to 1048576`);
    const isOfConnections = annotation.tcpPorts.length > 0 && annotation.udpPorts.length === 0;
    if (ttlMs === 0 && !isOfConnections) fail("pending.ttl_ms is 0, for as long as a connection lives, for TCP alone");
  }

  const observed = message.fields.find((field) => field.message?.typeName === OBSERVATION);
  if (observed?.name !== "observation" || observed.number !== 1 || observed.fieldKind !== "message") {
    return fail("the first field of an event is: wireloom.v1.Observation observation = 1;");
  }
  const own = message.fields.filter((field) => field !== observed);
  const fields = buildFields(message, own, annotations, diagnostics);
  const observedNames = new Set(observation.fields.map((field) => field.name));
  for (const field of fields) {
    if (observedNames.has(field.name) || RESERVED_NAMES.has(field.name)) {
      fail(
        `field ${field.name}: the name is reserved; every row has such a column or parameter already`,
        lineOf(field.desc),
      );
    }
  }

  const hooks = checkDecoder(
    { root, plugin: folder, recordName: `${message.name}Record`, ...annotation },
    path,
    lineOf(message),
    diagnostics,
  );
  return {
    message,
    recordName: `${message.name}Record`,
    fields,
    plugin: folder,
    name: message.name,
    variable: camelCase(message.name.charAt(0).toLowerCase() + message.name.slice(1)),
    resource: annotation.resource,
    title: annotation.title || message.name,
    description: commentOf(message),
    udpPorts: annotation.udpPorts,
    ethertypes: annotation.ethertypes,
    ipProtocols: annotation.ipProtocols,
    everyPacket: annotation.everyPacket,
    tcpPorts: annotation.tcpPorts,
    options:
      annotation.pending === undefined
        ? annotation.options
        : [...annotation.options, answerTimeout(annotation.pending)],
    pending: annotation.pending,
    hasProbe: hooks.hasProbe,
    table: versionTable(
      annotation.resource,
      observation.fields,
      fields,
      lock,
      // A field that is wrong is not in the model, and would seem to be removed.
      (line, text) => diagnostics.reportDoubtful(path, line, text),
      lineOf(message),
    ),
  };
}

function reportDuplicates(events: readonly EventModel[], diagnostics: Diagnostics): void {
  const owners = new Map<string, EventModel>();
  const claim = (event: EventModel, key: string): void => {
    const owner = owners.get(key);
    if (owner === undefined) {
      owners.set(key, event);
      return;
    }
    diagnostics.report(
      projectPath(event.message.file),
      lineOf(event.message),
      `${key} is bound by ${projectPath(owner.message.file)} already`,
    );
  };
  for (const event of events) {
    claim(event, `resource "${event.resource}"`);
    for (const port of event.udpPorts) claim(event, `UDP port ${port}`);
    for (const port of event.tcpPorts) claim(event, `TCP port ${port}`);
    for (const ethertype of event.ethertypes) claim(event, `Ethernet type 0x${ethertype.toString(16)}`);
    for (const protocol of event.ipProtocols) claim(event, `IP protocol ${protocol}`);
  }
}

function answerTimeout({ ttlMs }: NonNullable<EventAnnotation["pending"]>): DecoderOption {
  return {
    name: ANSWER_TIMEOUT,
    type: OPTION_TYPES.indexOf(ttlMs === 0 ? "seconds_or_zero" : "seconds"),
    defaultValue: String(ttlMs / 1000),
    description:
      ttlMs === 0
        ? "Seconds that a request waits for its response; 0 for as long as its connection lives."
        : "Seconds that a request waits for its response, from when it was last sent.",
  };
}
