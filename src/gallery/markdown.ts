import MarkdownIt from 'markdown-it';

// Neither markup nor pictures from elsewhere: a page asks for nothing and runs nothing that is not its own.
const renderer = new MarkdownIt({ html: false, typographer: false });

// What cannot be shown is spoken of in its own words.
renderer.renderer.rules['image'] = (tokens, i) => renderer.utils.escapeHtml(tokens[i]!.content);
// The page has the first heading, and each section the second.
for (const rule of ['heading_open', 'heading_close'])
  renderer.renderer.rules[rule] = (tokens, i, options, _, self) => {
    tokens[i]!.tag = `h${Math.min(6, Number(tokens[i]!.tag.slice(1)) + 2)}`;
    return self.renderToken(tokens, i, options);
  };

/** Markdown as HTML. */
export const markdownHtml = (text: string): string => renderer.render(text).trim();
