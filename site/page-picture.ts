/** The picture that every figure of the page is about, where the reader has given one: an address that carries it. */
let now: string | undefined;
const followers: (() => Promise<void>)[] = [];

export const pagePicture = (): string | undefined => now;

/** Makes it that of all figures, one after the other; nothing gives each its own again. */
export async function setPagePicture(address: string | undefined): Promise<void> {
  now = address;
  for (const follow of followers) await follow();
}

export const followPagePicture = (follow: () => Promise<void>): void => void followers.push(follow);
