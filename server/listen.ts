import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Requests under way when the server stops have this long to finish. */
const DRAIN_MS = 5000;

/** @returns the port; another than asked for when that is 0 */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host.replace(/[[\]]/g, ''), () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** No new requests; those under way are answered. Sockets of screens are the stream's to close. Call the result to drain. */
export function drainer(server: Server): () => Promise<void> {
  let underWay = 0;
  let done = () => {};
  server.on('request', (_req, res) => {
    underWay += 1;
    res.once('close', () => {
      underWay -= 1;
      if (underWay === 0) done();
    });
  });
  return async () => {
    server.close();
    server.closeIdleConnections();
    if (underWay > 0) {
      await new Promise<void>((resolve) => {
        done = resolve;
        setTimeout(resolve, DRAIN_MS).unref();
      });
    }
  };
}

class StartError extends Error {}
/** One sentence for the person at the terminal about a port that cannot be opened; `name`: the setting that chooses it. */
export const portInUse = (name: string, port: number) => (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') throw new StartError(`port ${port} is in use: stop what listens there, or set ${name}`);
  if (error.code === 'EACCES') throw new StartError(`port ${port} may not be opened by this user: set ${name} to one above 1023`);
  if (error.code === 'EADDRNOTAVAIL') throw new StartError('HOST is not an address of this machine');
  throw error;
};
