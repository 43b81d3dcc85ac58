import { expect, test } from 'vitest';
import { markdownHtml } from './markdown.ts';

test('headings stand below those of the page and its sections', () => {
  expect(markdownHtml('# A\n\n## B\n\n###### C')).toBe('<h3>A</h3>\n<h4>B</h4>\n<h6>C</h6>');
});

test('a picture is spoken of in its words, and markup is none', () => {
  expect(markdownHtml('![a <tower>](tower.jpg) <b>x</b>')).toBe(
    '<p>a &lt;tower&gt; &lt;b&gt;x&lt;/b&gt;</p>',
  );
});
