import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import type { Column, EventTable } from "../../runtime/schema/event-table.js";
import type { TsharkCapture } from "./tshark-capture.js";
import type { TsharkFrame } from "./tshark-frame.js";

/** How the rows of one plugin are laid beside tshark's frames. */
export interface ComparisonPlan {
  readonly table: EventTable;
  /**
   * Rules for the option `-d` of tshark, such as `udp.port==8472,vxlan`, for ports that the project assigns to a protocol and tshark does not;
   * they apply to every capture.
   */
  readonly decodeAs?: readonly string[];
  /** Fields that the plan reads besides the columns' own. */
  readonly fields: readonly string[];
  /** True of a frame that tshark assigns to this plugin's. */
  isOf(frame: TsharkFrame): boolean;
  /** True of a frame of this plugin that exactly one row represents; of all of them where absent. */
  isOwn?(frame: TsharkFrame): boolean;
  /** A row represents many frames and names one, which is read by itself; frames without a row tell nothing. */
  readonly coversManyFrames?: boolean;
  /**
   * tshark does not know the protocol: frames without a row indicate nothing, and rows are compared in frames whose layers both sides read
   * the same, as nothing else shows which packet of a frame a row is of.
   */
  readonly isUnknown?: boolean;
  /** Columns that tshark has no counterpart of in any frame, such as ports of ARP; none where absent. */
  readonly withoutCounterpart?: ReadonlySet<string>;
  /** Wireshark's fields of other protocols, which columns of a group name that those protocols include, too; none where absent. */
  readonly foreignFields?: RegExp;
  /** Numbers of the frames that a row represents. */
  framesOf(row: RowObject): number[];
  /** True of a row with a message that does not end in the capture, where tshark shows none; of no row where absent. */
  isUnfinished?(row: RowObject): boolean;
  /**
   * Number of the frame that a column's value is from; null if the row has no such frame and so no value; undefined for a value
   * that tshark has no counterpart of.
   */
  frameOf(column: Column, row: RowObject, capture: TsharkCapture): number | null | undefined;
  /** The row with its values as they stand in those frames. */
  asSeen(row: RowObject, capture: TsharkCapture): RowObject;
  /** A frame with the fields that tshark has for one column in its first one; the frame as it is where absent. */
  asRow?(frame: TsharkFrame): TsharkFrame;
  /** Index of the first of a field's values in a frame that is the column's, such as those of a packet inside; 0 if absent. */
  occurrenceOf?(column: Column, row: RowObject): number;
  /** Items of a list that one of tshark's fields shows; all where absent. */
  itemsOf?(column: Column, field: string, row: RowObject): readonly unknown[];
  /** What tshark's text of a field stands for, by field, where the column's semantic type does not say. */
  readonly valueForms?: Readonly<Record<string, ValueForm>>;
}

/** Gives tshark's text of a field the form that `ourValue` gives the same value; null for a text that stands for no value. */
export type ValueForm = (text: string) => string | null;

/** What `plan.ts` in a plugin's folder `conformance` exports as `plan`: the members in which its plan differs from {@link defaultPlan}. */
export type PluginPlan = Partial<Omit<ComparisonPlan, "table">>;

/** True of a column that the engine fills, in the rows of every plugin. */
export function isOfObservation({ messagePath }: Column): boolean {
  return messagePath[0] === "observation";
}

/** The columns of a plan's table that name their Wireshark field and have a counterpart in tshark's frames. */
export function comparedColumns({ table, withoutCounterpart, foreignFields, isUnknown }: ComparisonPlan): Column[] {
  return table.columns
    .filter((column) => isUnknown !== true || isOfObservation(column))
    .map((column) => ({ ...column, wireshark: column.wireshark.filter((field) => !foreignFields?.test(field)) }))
    .filter(({ name, wireshark }) => wireshark.length > 0 && !withoutCounterpart?.has(name));
}

/** Every field that a plan reads of a frame. */
export function fieldsOf(plan: ComparisonPlan): string[] {
  return [...plan.fields, ...comparedColumns(plan).flatMap(({ wireshark }) => wireshark)];
}
