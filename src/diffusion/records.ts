/** Records of one kind by names that are known: `records<Kind>()({ name: record, … })`. */
export const records =
  <Kind>() =>
  <Name extends string>(all: Readonly<Record<Name, Kind>>): Readonly<Record<Name, Kind>> =>
    all;
