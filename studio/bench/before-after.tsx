import { ReactCompareSlider } from 'react-compare-slider';
import type { StoredObject } from '../../src/server/api-types.ts';
import { coarse } from '../figure-table.ts';

/** What it was, and what it became, under one handle. */
export default function BeforeAfter({
  before,
  after,
}: {
  readonly before: StoredObject;
  readonly after: StoredObject;
}) {
  return (
    <ReactCompareSlider
      className="before-after"
      aria-label="Before on the left, after on the right"
      itemOne={<img className={coarse(before.width)} src={before.url} alt="before" />}
      itemTwo={<img className={coarse(after.width)} src={after.url} alt="after" />}
    />
  );
}
