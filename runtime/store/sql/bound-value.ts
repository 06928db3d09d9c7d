import { type Expression, sql } from "kysely";
import type { StorageForm } from "../../schema/storage-form.js";
import type { ScalarValue } from "../../schema/value.js";

/**
 * A canonical value with its form, as a parameter of a statement. With exactly the column's type a comparison needs no cast of the column,
 * so that a database can use what it knows of the column's order. A backend's Kysely dialect writes the parameter, such as `$1`, and binds it.
 */
export class BoundValue {
  readonly form: StorageForm;
  readonly value: Exclude<ScalarValue, null>;

  constructor(form: StorageForm, value: Exclude<ScalarValue, null>) {
    this.form = form;
    this.value = value;
  }
}

/** A text as a parameter, for functions that take expressions. */
export function boundText(text: string): Expression<string> {
  return sql<string>`${new BoundValue("text", text)}`;
}
