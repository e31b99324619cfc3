/**
 * A request that is not carried out, with its HTTP status: the answer's body is `{error: {field, rule, ...more}}`, and
 * `beside` next to `error`. Thrown inside a ledger's `decide` it appends nothing.
 */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly status: number,
    readonly field: string,
    readonly rule: string,
    readonly more: Readonly<Record<string, unknown>> = {},
    readonly beside: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${field}: ${rule}`);
  }
  get body() {
    return { ...this.beside, error: { field: this.field, rule: this.rule, ...this.more } };
  }
}
