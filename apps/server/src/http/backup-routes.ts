import type { Readable } from 'node:stream';
import type { RoutePlugin } from '@understudy/kernel';

const TYPE = 'application/vnd.understudy.backup+gzip';

/** `GET /v1/backup`: everything that this server keeps, for the operator. */
export function backupRoutes(make: () => Readable): RoutePlugin {
  return (app) => {
    app.get(
      '/v1/backup',
      {
        config: { policy: { kind: 'operator' } },
        schema: {
          summary: 'Everything that the server keeps, as of one moment, in one file',
          description:
            'Gzipped JSON lines; the last line holds a digest over all before it, so that a file that was cut off is told from a whole one. It holds personal data. `understudy restore` puts it into an empty server.',
          produces: [TYPE],
        },
      },
      (request, reply) => {
        const backup = make();
        request.raw.once('close', () => backup.destroy());
        backup.on('error', (error) => request.log.error({ err: error }, 'a backup ended early'));
        return reply.type(TYPE).send(backup);
      },
    );
  };
}
