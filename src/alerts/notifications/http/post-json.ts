import { parseAddress } from '../../../address/address.ts';
import { DeliveryError, type DeliveryFailure } from '../channel.ts';
import { cleanLine } from '../mail/mail-model.ts';

const DEADLINE_MS = 15_000;

/** Temporary refusals (RFC 9110, RFC 6585, RFC 8470); every other 4xx means that the request is wrong. */
const TEMPORARY = new Set([408, 425, 429]);

export interface HttpTarget {
  /** Without user and password. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes user and password out of an address: `fetch` refuses them there, and messages must not show them. */
export function targetOf(address: string): HttpTarget | undefined {
  const parsed = parseAddress(address);
  if (!parsed) return undefined;
  const { url, authorization } = parsed;
  return { url, headers: authorization === undefined ? {} : { authorization } };
}

function failureOf(status: number): DeliveryFailure {
  const isTemporary = status >= 500 || TEMPORARY.has(status);
  const isLogin = status === 401 || status === 403;
  return {
    code: `HTTP_${status}`,
    // What a server refuses for its content may be taken with another; a login that is refused is refused for all.
    scope: isTemporary || isLogin || status === 404 ? 'receiver' : 'message',
    permanent: !isTemporary,
    help: isLogin
      ? 'check the user, password or token in the address'
      : 'check the address and the logs of the receiver',
  };
}

/** Sends one request; rejects with a `DeliveryError` unless the answer is 2xx. The address may hold a secret: only its host is shown. */
export async function request({ url, headers }: HttpTarget, body: unknown): Promise<void> {
  const { host } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await response.body?.cancel();
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    const code = cause?.code ?? (error as Error).name;
    throw new DeliveryError(
      `${code}: ${cleanLine(cause?.message ?? (error as Error).message)} (${host})`,
      {
        code,
        scope: 'receiver',
        permanent: false,
        help: 'check the address and that the receiver is running',
      },
      { cause: error },
    );
  }
  if (response.ok) return;
  const { status } = response;
  throw new DeliveryError(`${host} answered ${status}`, failureOf(status));
}
