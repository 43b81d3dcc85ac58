import type { ParamSchema } from '../../src/server/api-types.ts';
import type { Params } from '../schema.ts';

/** What every control is given. */
export interface ControlProps {
  readonly id: string;
  readonly label: string;
  readonly field: ParamSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** Ids of the texts that explain it. */
  readonly describedBy: string;
  readonly invalid: boolean;
  /** A noise level is being moved; undefined: it was let go. */
  readonly onMove: (t: number | undefined) => void;
  /** The form's other fields and values: a mask is painted over its picture. */
  readonly form: { readonly properties: Readonly<Record<string, ParamSchema>>; readonly params: Params };
}
