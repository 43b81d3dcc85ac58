/** What can be drawn with, here and in the studio: the greys between ink and paper, then red to brown. */
export const inks = {
  black: '#1c1c1c',
  grey: '#7a7a7a',
  white: '#ffffff',
  red: '#b5432f',
  orange: '#e08a2c',
  yellow: '#f0cf54',
  green: '#4f8a3c',
  'dark green': '#24553a',
  'light blue': '#7db7e0',
  blue: '#2b5c9e',
  violet: '#6a4b91',
  brown: '#7a4f2e',
} as const;
