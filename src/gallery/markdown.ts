import MarkdownIt from 'markdown-it';

// Neither markup nor pictures from elsewhere: a page asks for nothing and runs nothing that is not its own.
const renderer = new MarkdownIt({ html: false, typographer: false }).disable('image');

/** Markdown as HTML. */
export const markdownHtml = (text: string): string => renderer.render(text).trim();
