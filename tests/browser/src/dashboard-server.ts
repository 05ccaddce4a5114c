import { join } from 'node:path';
import { eventually, makeWorkspace, ServerProcess, scratchFolder, send, type Workspace } from '@understudy/e2e';

/** A real server whose dashboard is built. */
export class DashboardServer {
  readonly server: ServerProcess;
  readonly #operatorKey: string;

  private constructor(server: ServerProcess) {
    this.server = server;
    this.#operatorKey = server.operatorKey!;
  }

  static async start(): Promise<DashboardServer> {
    const server = await ServerProcess.start({
      dataDir: join(scratchFolder(), 'data'),
      // Webhooks of the tests go to this machine.
      settings: { UNDERSTUDY_DASHBOARD: 'on', UNDERSTUDY_EGRESS_ALLOW: '127.0.0.0/8' },
    });
    const dashboard = new DashboardServer(server);
    await eventually(
      'the dashboard is built',
      async () => {
        const { json } = await send(server.url, { path: '/waiting.json' });
        if (json.failure === true) throw new Error(`the dashboard does not build:\n${server.log.slice(-3000)}`);
        return json.ready === true;
      },
      120_000,
    ).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return dashboard;
  }

  get url(): string {
    return this.server.url;
  }

  /** An empty workspace with its first key; with `demo` it is marked as example data. */
  workspace(name: string, { demo = false } = {}): Promise<Workspace> {
    return makeWorkspace(this.server, this.#operatorKey, name, demo ? { demo } : {});
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}
