/** How often two readings had the same value of each field. */
export class Agreement {
  readonly #fields = new Map<string, { agreed: number; compared: number }>();

  /** Counts one value that at least one side had. */
  count(field: string, isSame: boolean): void {
    this.add(field, isSame ? 1 : 0, 1);
  }

  /** Counts several values. */
  add(field: string, agreed: number, compared: number): void {
    const counts = this.#fields.get(field) ?? { agreed: 0, compared: 0 };
    counts.agreed += agreed;
    counts.compared += compared;
    this.#fields.set(field, counts);
  }

  /** Adds what another one counted. */
  merge(other: Agreement): void {
    for (const [field, { agreed, compared }] of other.fields) this.add(field, agreed, compared);
  }

  /** The fields in the order in which they were first counted. */
  get fields(): Iterable<readonly [string, { readonly agreed: number; readonly compared: number }]> {
    return this.#fields;
  }

  /** Values of all fields. */
  get total(): { agreed: number; compared: number } {
    let agreed = 0;
    let compared = 0;
    for (const [, counts] of this.#fields) {
      agreed += counts.agreed;
      compared += counts.compared;
    }
    return { agreed, compared };
  }

  /** Whether both sides had some value of the field, the same one. */
  hasAgreed(field: string): boolean {
    return (this.#fields.get(field)?.agreed ?? 0) > 0;
  }
}
