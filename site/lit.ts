/** What belongs together lights up together: a number in a formula, and where it comes from. Both say so by `data-of`. */
export function litTogether(panel: HTMLElement): void {
  const light = (of: string | null | undefined) => {
    for (const element of panel.querySelectorAll('[data-of]'))
      element.classList.toggle('lit', element.getAttribute('data-of') === of);
  };
  const under = ({ target }: Event) =>
    light((target as Element).closest?.('[data-of]')?.getAttribute('data-of'));
  panel.addEventListener('pointerover', under);
  panel.addEventListener('focusin', under);
  panel.addEventListener('pointerleave', () => light(undefined));
}
