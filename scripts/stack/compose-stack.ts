import { addressOf, type Addresses } from './addresses.ts';
import { compose, type ComposeEngine } from './compose-engine.ts';
import { portVariables } from './compose-file.ts';
import { untilHealthy } from './program-process.ts';
import { stackService, type ServiceName } from './services.ts';

export interface ComposeStackOptions {
  readonly engine: ComposeEngine;
  readonly services: readonly ServiceName[];
  readonly addresses: Addresses;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Deletes the volumes at the end. */
  readonly fresh: boolean;
  /** Aborted to stop the stack before it is ready. */
  readonly signal: AbortSignal;
}

export interface ComposeStack {
  stop(): Promise<void>;
}

const READY_MS = 180_000;

/** The variables that make docker-compose.yml publish these addresses and start these services. */
export function composeEnvironment(
  services: readonly ServiceName[],
  addresses: Addresses,
): Readonly<Record<string, string>> {
  const ports = [...portVariables()].map(([inside, variable]) => {
    const address = addresses.get(inside) ?? '';
    return [variable, address.slice(address.lastIndexOf(':') + 1)] as const;
  });
  const profiles = services.filter((name) => name === 'demo' || name === 'victorialogs');
  return {
    ...Object.fromEntries(ports),
    COMPOSE_PROFILES: profiles.join(','),
    ...(services.includes('victorialogs') && {
      LOKI_SCALE: '0',
      LOGS_ENDPOINT: 'http://victorialogs:9428/insert/opentelemetry/v1/logs',
    }),
  };
}

/** Starts the containers and resolves when all are healthy. Otherwise rejects and removes the containers. */
export async function startComposeStack(options: ComposeStackOptions): Promise<ComposeStack> {
  const { engine, services, addresses, fresh, signal } = options;
  const env = { ...options.env, ...composeEnvironment(services, addresses) };

  async function stop(): Promise<void> {
    await compose(engine, ['down', ...(fresh ? ['--volumes'] : [])], env);
  }

  const visitors = services.includes('demo') ? ['visitors'] : [];
  const code = await compose(engine, ['up', '--detach', ...services, ...visitors], env);
  if (code !== 0) {
    await stop();
    throw new Error(
      `compose exited with code ${code}; \`-- --native\` starts programs built by \`npm run stack:install\``,
    );
  }
  const ready = await Promise.all(
    services.map(async (name) => {
      const { health } = stackService(name);
      const url = `http://${addressOf(addresses, name, health.port)}${health.path}`;
      return { name, url, ok: await untilHealthy(url, READY_MS, () => signal.aborted) };
    }),
  );
  const late = ready.filter(({ ok }) => !ok);
  if (late.length > 0) {
    await stop();
    throw new Error(`not ready: ${late.map(({ name, url }) => `${name} (${url})`).join(', ')}`);
  }
  return { stop };
}
