import { mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { hubSettings } from './settings.ts';

const home = mkdtempSync(join(tmpdir(), 'campanile-home-'));
writeFileSync(join(home, 'token'), 'hf_fromTheFile\n');

test('without variables: the hub, the cache in the home folder, online', () => {
  expect(hubSettings({ HF_TOKEN_PATH: join(home, 'none') })).toEqual({
    endpoint: 'https://huggingface.co',
    cacheFolder: join(homedir(), '.cache', 'huggingface', 'hub'),
    token: undefined,
    offline: false,
  });
});

test('the cache is where huggingface_hub has it', () => {
  const cacheOf = (env: Record<string, string>) => hubSettings(env).cacheFolder;
  expect(cacheOf({ HF_HOME: home })).toBe(join(home, 'hub'));
  expect(cacheOf({ XDG_CACHE_HOME: home })).toBe(join(home, 'huggingface', 'hub'));
  expect(cacheOf({ HF_HOME: home, HF_HUB_CACHE: '/elsewhere' })).toBe('/elsewhere');
  expect(cacheOf({ HUGGINGFACE_HUB_CACHE: '/older' })).toBe('/older');
  expect(cacheOf({ HF_HUB_CACHE: '~/models' })).toBe(join(homedir(), 'models'));
  expect(cacheOf({ HF_HUB_CACHE: '$DISK/hub', DISK: '/mnt' })).toBe('/mnt/hub');
});

test('HF_TOKEN comes before the file, and either can be forbidden', () => {
  const authorization = (env: Record<string, string>) =>
    hubSettings({ HF_HOME: home, ...env }).token?.authorization();
  expect(authorization({})).toBe('Bearer hf_fromTheFile');
  expect(authorization({ HF_TOKEN: ' hf_fromTheVariable\n' })).toBe('Bearer hf_fromTheVariable');
  expect(authorization({ HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' })).toBeUndefined();
});

test('printing the settings does not print the token', () => {
  const settings = hubSettings({ HF_HOME: home });
  const printed = [
    inspect(settings, { depth: 9, showHidden: true }),
    JSON.stringify(settings),
    `${settings.token}`,
  ];
  expect(printed.filter((text) => text.includes('fromTheFile'))).toEqual([]);
});

test('a token that no header can carry is refused without being quoted', () => {
  for (const HF_TOKEN of ['hf_a b', 'hf_a\u0000b', 'hf_ä'])
    expect(() => hubSettings({ HF_TOKEN })).toThrow(
      expect.objectContaining({ code: 'bad-token', message: expect.not.stringContaining('hf_') }),
    );
});

test('an endpoint with a password or without the web is refused without being quoted', () => {
  for (const HF_ENDPOINT of ['https://me:secret@hub', 'file:///etc', 'hub', 'https://hub/?token=secret'])
    expect(() => hubSettings({ HF_ENDPOINT })).toThrow(
      expect.objectContaining({ code: 'bad-endpoint', message: expect.not.stringContaining('secret') }),
    );
  expect(hubSettings({ HF_ENDPOINT: 'https://mirror.example/hf/' }).endpoint).toBe(
    'https://mirror.example/hf',
  );
});

test('offline as huggingface_hub reads it', () => {
  for (const [value, offline] of [
    ['1', true],
    ['yes', true],
    ['ON', true],
    ['0', false],
    ['', false],
  ] as const)
    expect(hubSettings({ HF_HUB_OFFLINE: value }).offline).toBe(offline);
});
