import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, isBelow } from '../../server/cameras/media.ts';
import { ELSEWHERE, signedNames } from '../../server/cameras/names.ts';
import { rewritePlaylist } from '../../server/cameras/playlist.ts';

const base = new URL('http://media.test:8888/cam-1/index.m3u8');

describe('names of a stream’s addresses', () => {
  it('lead back to the very address, and to none that was not named', () => {
    const names = signedNames(base);
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const address = new URL(`/cam-1${path}`, base);
        address.search = query;
        const name = names.nameOf(address);
        expect(name === ELSEWHERE).toBe(!isBelow(base, address));
        if (name === ELSEWHERE) return;
        expect(names.addressOf(name)?.href).toBe(address.href);
        expect(signedNames(base).addressOf(name)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.string(), (made) => {
        expect(names.addressOf(made)).toBeNull();
      }),
    );
  });
  it('never lead to another server, whatever a playlist names', () => {
    const root = new URL('http://media.test/stream.m3u8'); // its folder is the whole server
    const names = signedNames(root);
    for (const address of [
      '//evil.test/x',
      '/a//evil.test/x',
      'http://media.test//evil.test/x',
      '/\\evil.test/x',
      'http://media.test@evil.test/',
    ]) {
      const name = names.nameOf(new URL(address, root));
      expect(names.addressOf(name)?.host ?? 'media.test').toBe('media.test');
    }
  });
  it('keep to the stream’s own folder', () => {
    const below = (address: string) => isBelow(base, new URL(address, base));
    expect(['live.m3u8', 'a/b.ts?x=1', '/cam-1/seg.ts', './seg.ts'].map(below)).toEqual([true, true, true, true]);
    const outside = [
      '../cam-2/seg.ts',
      '/cam-10/seg.ts',
      '//evil.test/cam-1/seg.ts',
      '%2e%2e/cam-2/seg.ts',
      '..%2fcam-2/seg.ts',
      'https://media.test:8888/cam-1/x',
    ];
    expect(outside.map(below)).toEqual(outside.map(() => false));
  });
});

it('the name of a stream cannot leave its place in the template', () => {
  expect(addressOf('http://m.test/{stream}/index.m3u8', 'a/../b').href).toBe('http://m.test/a%2F..%2Fb/index.m3u8');
  expect(addressOf('http://m.test/s?src={stream}&mp4', 'a&b=c').href).toBe('http://m.test/s?src=a%26b%3Dc&mp4');
  expect(() => addressOf('http://m.test/{stream}/index.m3u8', '..')).toThrow(/camera.stream/);
});

it('every address of a playlist is replaced, whatever tag it stands in; comments and the rest stay', () => {
  const seen: string[] = [];
  const text = rewritePlaylist(
    [
      '#EXTM3U',
      '# a comment with URI="kept"',
      '#EXT-X-MEDIA:TYPE=AUDIO,NAME="a, b",URI="audio.m3u8"',
      '#EXT-X-KEY:METHOD=AES-128,URI="key"',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="next.mp4"',
      '#EXT-X-RENDITION-REPORT:URI="other.m3u8",LAST-MSN=4',
      '#EXT-X-DATERANGE:ID="ad",CLASS="com.apple.hls.interstitial",X-ASSET-URI="http://ads.test/a.m3u8"',
      '#EXTINF:2,title',
      'http://[not an address',
      'seg.ts?session=1',
      '',
    ].join('\r\n'),
    base,
    (address) => {
      seen.push(address?.href ?? 'none');
      return 'ours';
    },
  );
  expect(seen).toEqual([
    ...['audio.m3u8', 'key', 'next.mp4', 'other.m3u8'].map((n) => `http://media.test:8888/cam-1/${n}`),
    'none',
    'http://media.test:8888/cam-1/seg.ts?session=1',
  ]);
  expect(text).not.toMatch(/audio\.m3u8|"key"|next\.mp4|ads\.test|seg\.ts/);
  expect(text).toContain('# a comment with URI="kept"');
  expect(text).toContain('#EXTINF:2,title\nours');
});
