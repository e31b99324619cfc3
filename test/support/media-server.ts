import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small media server: says what it was asked, answers as the test wants. */
export interface MediaServer {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** `METHOD path?query`, in the order they came */
  readonly asked: string[];
  /** Authorization headers that came with them */
  readonly logins: (string | undefined)[];
  close(): Promise<void>;
}

type Answer = (req: IncomingMessage, res: ServerResponse, body: string) => void;

/**
 * @param answers by `METHOD path` (without query); one that never ends its response never answers
 * @param otherwise everything else; 404 where it is not given
 */
export async function mediaServer(answers: Readonly<Record<string, Answer>>, otherwise?: Answer): Promise<MediaServer> {
  const asked: string[] = [];
  const logins: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (d) => {
      body += d;
    });
    req.on('end', () => {
      asked.push(`${req.method} ${req.url}`);
      logins.push(req.headers.authorization);
      const answer = answers[`${req.method} ${req.url?.split('?')[0]}`] ?? otherwise;
      if (answer) answer(req, res, body);
      else res.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    logins,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
