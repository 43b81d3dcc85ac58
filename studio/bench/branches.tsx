import { useMemo } from 'react';
import type { ExperimentInfo, FigureInfo, Job } from '../../src/server/api-types.ts';
import { coarse } from '../figure-table.ts';
import { linkTo } from '../route.ts';
import { runs } from '../runs.ts';
import { differences, labelOf, shown } from '../schema.ts';
import { useStore } from '../store.ts';

interface Node {
  readonly job: Job;
  /** The last one that the part made. */
  readonly figure: FigureInfo;
  readonly walk: NonNullable<FigureInfo['walk']>;
  /** Steps of each of its walks. */
  readonly counts: readonly number[];
}

interface Row extends Node {
  /** How many rows above it that is which it left. */
  readonly above: number;
  /** Where it leaves that, from 0 to 1 of the way. */
  readonly start: number;
}

/** All that hangs together with a part by branches, each row after the one it left. */
export function treeOf(part: string, jobs: Iterable<Job>): readonly Row[] {
  const nodes = new Map<string, Node>();
  for (const job of jobs)
    for (const figure of job.figures) {
      const { walk } = figure;
      if (!walk) continue;
      const counts = (nodes.get(walk.part)?.counts ?? []).slice();
      counts[walk.index] = walk.count;
      nodes.set(walk.part, { job, figure, walk, counts });
    }
  let root = part;
  for (let left = nodes.get(root)?.walk.before; left && nodes.has(left); left = nodes.get(root)?.walk.before)
    root = left;
  const rows: Row[] = [];
  const hang = (node: Node, parent: number) => {
    const here = rows.length;
    const start = node.walk.before ? shareOf(node) : 0;
    rows.push({ ...node, above: parent < 0 ? 0 : here - parent, start });
    for (const child of nodes.values()) if (child.walk.before === node.walk.part) hang(child, here);
  };
  const first = nodes.get(root);
  if (first) hang(first, -1);
  return rows;
}

/** Stage II stands behind stage I. */
const shareOf = ({ walk: { left = 0, step = 0 }, counts }: Node): number =>
  left > 0 ? 1 : Math.min(1, step / (counts[0] ?? step + 1));

const WIDTH = 150;
const HEIGHT = 48;

/** Runs that share what stands before their branching, as a tree: from the left noise becomes picture. */
export function Branches({
  experiment,
  figure,
}: {
  readonly experiment: ExperimentInfo;
  readonly figure: FigureInfo;
}) {
  const all = useStore(runs);
  const part = figure.walk?.part;
  const rows = useMemo(
    () =>
      part
        ? treeOf(
            part,
            [...all.values()].map(({ job }) => job),
          )
        : [],
    [part, all],
  );
  if (rows.length < 2 && !figure.walk?.before) return null;
  return (
    <section className="branches" aria-label="Branches">
      <h2>Branches</h2>
      <ul>
        {rows.map(({ job, figure: shows, walk, above, start }) => {
          const says = changesOf(experiment, job);
          return (
            <li key={walk.part} data-now={walk.part === part || undefined}>
              <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
                {walk.before && (
                  <path d={`M${WIDTH * start} ${HEIGHT / 2 - HEIGHT * above}V${HEIGHT / 2 - 6}q0 6 6 6`} />
                )}
                <path d={`M${WIDTH * start + (walk.before ? 6 : 0)} ${HEIGHT / 2}H${WIDTH}`} />
              </svg>
              <a
                href={linkTo.experiment(job.recipe.experiment, job.id)}
                aria-label={`Open the run: ${says}`}
                aria-current={walk.part === part || undefined}
              >
                <img className={coarse(shows.width)} src={shows.url} alt="" />
              </a>
              <p>
                {walk.before && <b>{`from step ${(walk.step ?? 0) + 1}: `}</b>}
                {says}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What a branch changed, in a line. */
function changesOf(experiment: ExperimentInfo, { recipe }: Job): string {
  const left = recipe.from?.at(-1);
  if (!left) return 'as it began';
  const changed = differences(experiment, recipe.params, left.params)
    .map(({ name, now }) => `${labelOf(name, experiment.schema.properties[name]!)} ${shown(now)}`)
    .join(', ');
  return changed || 'nothing changed';
}
