/** What one address answers. */
export interface Page {
  /** HTTP status; not given: 200. */
  readonly status?: number;
  readonly contentType: string;
  readonly body: string;
}

/** Makes a page; the parameters of the request are those of the URL. */
export type Handler = (request: URL) => Promise<Page>;

/** An address that also takes its parameters as a form by POST; those of the form come before those of the URL. */
export interface FormRoute {
  readonly form: Handler;
}

/** One row per address that is served: its path, in which `*` matches one segment, and how its page is made. */
export type Routes = Readonly<Record<string, Handler | FormRoute>>;

/** The row whose path fits: the very path, else the first with `*` for one of its segments. */
export function findRoute(routes: Routes, path: string): string | undefined {
  if (Object.hasOwn(routes, path)) return path;
  const segments = path.split('/');
  return Object.keys(routes).find((pattern) => {
    const wanted = pattern.split('/');
    const fits = (part: string, i: number): boolean =>
      part === segments[i] || (part === '*' && segments[i] !== '');
    return wanted.includes('*') && wanted.length === segments.length && wanted.every(fits);
  });
}

/** An answer that is not the page that was asked for. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.headers = headers;
  }
}
