import { mathml } from '../../src/gallery/mathml.ts';
import { ScrollRegion } from './scroll-region.tsx';

type Line = { readonly tex: string; readonly plain: string };

/** TeX that the page can set, it sets; the rest is read in words. */
const html = ({ tex, plain }: Line): string | undefined => {
  try {
    return mathml(tex, plain);
  } catch {
    return undefined;
  }
};

export function Formula({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <ScrollRegion label="Formula" className="formula">
      {lines.map((line) => {
        const set = html(line);
        return set ? (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: mathml escapes every letter it writes
          <div key={line.tex} dangerouslySetInnerHTML={{ __html: set }} />
        ) : (
          <p key={line.tex}>{line.plain}</p>
        );
      })}
    </ScrollRegion>
  );
}
