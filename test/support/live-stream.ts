import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** A live HLS stream of a test picture, made by ffmpeg into a folder until it is stopped. */
export interface LiveStream {
  /** the playlist or a segment by its name; null = there is none of this name (any more) */
  file(name: string): Buffer | null;
  stop(): Promise<void>;
}

const codecs = {
  /** what cameras send: needs a browser that decodes H.264 */
  h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-hls_segment_type', 'mpegts'],
  vp9: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-hls_segment_type', 'fmp4'],
} as const;

export function liveStream(codec: keyof typeof codecs): LiveStream {
  const dir = mkdtempSync(join(tmpdir(), 'genglou-hls-'));
  const source = ['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=15'];
  const hls = ['-g', '15', '-f', 'hls', '-hls_time', '1', '-hls_list_size', '6', '-hls_flags', 'delete_segments+program_date_time'];
  const child: ChildProcess = spawn('ffmpeg', ['-v', 'error', ...source, ...codecs[codec], ...hls, join(dir, 'index.m3u8')], {
    cwd: dir,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    file(name) {
      const path = join(dir, basename(name));
      return existsSync(path) ? readFileSync(path) : null;
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
