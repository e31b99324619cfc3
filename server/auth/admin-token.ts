import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const adminTokenFile = (dataDir: string) => join(dataDir, 'admin.token');

/** The token that whoever may read DATA_DIR can administer with. Made at the first start, kept after; readable by its owner only. */
export function openAdminToken(dataDir: string): string {
  const file = adminTokenFile(dataDir);
  mkdirSync(dataDir, { recursive: true });
  try {
    const known = readFileSync(file, 'utf8').trim();
    if (known.length >= 32) {
      chmodSync(file, 0o600);
      return known;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(32).toString('base64url');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
