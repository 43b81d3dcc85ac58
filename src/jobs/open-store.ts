import { type ArtifactStore, FolderStore } from './store.ts';

/**
 * @param url  absent: the folder `objects` beside the queue's files; a folder; or `s3://bucket/prefix`
 * @throws {OutputError} when it cannot be opened
 */
export async function openStore(url: string | undefined, stateDir: string): Promise<ArtifactStore> {
  if (url?.startsWith('s3://')) {
    const { S3Store } = await import('./s3-store.ts');
    return S3Store.open(url);
  }
  return FolderStore.open(url ?? stateDir);
}
