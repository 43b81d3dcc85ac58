import { expect, test } from 'vitest';
import { experiments } from '../experiments/index.ts';
import { mathml } from './mathml.ts';

const inside = (tex: string): string => /<mrow>(.*)<\/mrow><annotation/.exec(mathml(tex, 'x'))![1]!;

test('indices, exponents and primes', () => {
  expect(inside('x_t')).toBe('<msub><mi>x</mi><mi>t</mi></msub>');
  expect(inside('\\sigma^2')).toBe('<msup><mi>σ</mi><mn>2</mn></msup>');
  expect(inside("x_{t'}")).toBe('<msub><mi>x</mi><mrow><msup><mi>t</mi><mo>′</mo></msup></mrow></msub>');
  expect(inside('a_1^2')).toBe('<msubsup><mi>a</mi><mn>1</mn><mn>2</mn></msubsup>');
});

test('roots, fractions and accents', () => {
  expect(inside('\\sqrt{\\bar{\\alpha}_t}')).toBe(
    '<msqrt><mrow><msub><mover accent="true"><mrow><mi>α</mi></mrow><mo stretchy="false">¯</mo></mover><mi>t</mi></msub></mrow></msqrt>',
  );
  expect(inside('\\frac{a}{2}')).toBe('<mfrac><mrow><mi>a</mi></mrow><mrow><mn>2</mn></mrow></mfrac>');
});

test('letters of other alphabets stand upright, those that Unicode had before keep their places', () => {
  expect(inside('\\mathbb{m}')).toBe('<mi mathvariant="normal">𝕞</mi>');
  expect(inside('\\mathcal{N}')).toBe('<mi mathvariant="normal">𝒩</mi>');
  expect(inside('\\mathbb{R}')).toBe('<mi mathvariant="normal">ℝ</mi>');
});

test('several letters as an index are a word', () => {
  expect(inside('x_{orig}')).toBe('<msub><mi>x</mi><mi mathvariant="normal">orig</mi></msub>');
});

test('the plain reading and the source travel along, escaped', () => {
  const made = mathml('a < b', 'a is less than "b"');
  expect(made).toContain('alttext="a is less than &quot;b&quot;"');
  expect(made).toContain('<annotation encoding="application/x-tex">a &lt; b</annotation>');
  expect(made).toContain('<mo>&lt;</mo>');
});

test('what it does not know is an error that says where', () => {
  for (const tex of ['\\integral x', 'a_', '{a', 'a}', '\\mathrm{a', '\\']) {
    expect(() => mathml(tex, ''), tex).toThrow(expect.objectContaining({ code: 'formula' }));
  }
});

test('every formula of the page can be set', () => {
  const formulas = experiments.flatMap(({ formula = [] }) => formula);
  expect(formulas.length).toBeGreaterThan(8);
  for (const { tex, plain } of formulas) expect(mathml(tex, plain)).toContain('<math');
});
