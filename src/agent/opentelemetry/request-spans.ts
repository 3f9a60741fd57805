import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { createReadRoute, type ReadRoute, UNMATCHED } from '../../sources/http/routes/read-route.ts';
import { routeReaders } from '../../sources/http/routes/route-readers.ts';
import { SCOPE } from '../../metrics/scope.ts';

type Api = typeof import('@opentelemetry/api');
type Emit = (this: unknown, event: string | symbol, ...args: unknown[]) => boolean;

/** Names as the HTTP semantic conventions of OpenTelemetry have them. */
function finish(span: Span, request: IncomingMessage, response: ServerResponse, readRoute: ReadRoute): void {
  const route = readRoute(request, response);
  if (route !== UNMATCHED) {
    span.updateName(`${request.method} ${route}`);
    span.setAttribute('http.route', route);
  }
  span.setAttribute('http.response.status_code', response.statusCode);
  if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/**
 * A span for each request that a server of this process answers, active while the service handles it: the least that
 * traces need where no instrumentation is installed. The query of the address is left out. Returns how to stop.
 */
export function traceRequests(api: Api): () => void {
  const tracer = api.trace.getTracer(SCOPE);
  // What fails here fails for the metrics as well, and is reported there.
  const ignored = (): void => {};
  const readRoute = createReadRoute(routeReaders, {
    onSeen: ignored,
    onError: ignored,
    onSwitchedOff: ignored,
  });
  const restore = [http, https].map(({ Server }) => {
    const prototype = Server.prototype as { emit: Emit };
    const hadOwn = Object.hasOwn(prototype, 'emit');
    const original = prototype.emit;
    const traced: Emit = function emit(event, ...args) {
      if (event !== 'request') return original.call(this, event, ...args);
      const [request, response] = args as [IncomingMessage, ServerResponse];
      const parent = api.propagation.extract(api.ROOT_CONTEXT, request.headers);
      const attributes = {
        'http.request.method': request.method ?? '',
        'url.path': (request.url ?? '').split('?', 1)[0] ?? '',
      };
      const span = tracer.startSpan(
        request.method ?? 'HTTP',
        { kind: api.SpanKind.SERVER, attributes },
        parent,
      );
      response.once('close', () => finish(span, request, response, readRoute));
      return api.context.with(api.trace.setSpan(parent, span), () => original.call(this, event, ...args));
    };
    prototype.emit = traced;
    return () => {
      if (prototype.emit !== traced) return;
      if (hadOwn) prototype.emit = original;
      else delete (prototype as { emit?: Emit }).emit;
    };
  });
  return () => restore.forEach((step) => step());
}
