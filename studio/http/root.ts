/** What stands before every address of the server: the studio lies in `studio/` below it. */
export const root = location.pathname.replace(/\/studio\/.*$/s, '').replace(/\/$/, '');
