import { type App, type Layer, matchOf, type Route, stackOf } from './layers.ts';
import { mountTemplate } from './mount-template.ts';
import { expressionOf } from './template.ts';

/** Where a route was reached. */
export interface RouteLocation {
  /** The templates of its mounts, joined. */
  readonly prefix: string;
  /** The part of the path that the mounts took: what Express calls `baseUrl`. */
  readonly baseUrl: string;
}

/** A layer on the way whose inside cannot be seen: a function, or an application mounted by one. */
interface Opening extends RouteLocation {
  readonly rest: string;
}

/** Routers can hold each other in circles. */
const MAX_DEPTH = 20;
/** Layers that one search asks: routers that are mounted twice in each other would be asked without an end. */
const MAX_ASKED = 10_000;
const MAX_OPENINGS = 200;

/**
 * Finds the mounts through which a path reached a route, by asking the layers as Express does. What it cannot see
 * into, it enters by the applications that are known; a router behind a function is taken to begin right there.
 */
export class RouteSearch {
  readonly #route: Route;
  readonly #apps: readonly App[];
  #openings: Opening[] = [];
  #asked = 0;

  /** `apps`: all that are known, those that may be the outermost first. */
  constructor(route: Route, apps: readonly App[]) {
    this.#route = route;
    this.#apps = apps;
  }

  /**
   * The location of the route for a path. Express undoes `baseUrl` when an error leaves a router, so it is the beginning
   * of what the mounts took, and mostly all of it.
   */
  find(path: string, baseUrl: string): RouteLocation | undefined {
    this.#openings = [];
    this.#asked = 0;
    const start = { prefix: '', baseUrl: '', rest: path };
    const seen: RouteLocation[] = [];
    for (const app of this.#apps) this.#collect(app, start, seen);
    // Grows while it is read: an application behind a function has functions of its own.
    for (const opening of this.#openings) {
      if (opening.baseUrl !== '' || seen.length === 0)
        for (const app of this.#apps) this.#collect(app, opening, seen);
    }
    return (
      seen.find((location) => location.baseUrl === baseUrl) ??
      this.#behindFunction(baseUrl) ??
      seen.find((location) => location.baseUrl.startsWith(baseUrl))
    );
  }

  #collect(app: App, from: Opening, seen: RouteLocation[]): void {
    const stack = stackOf(app);
    if (stack) this.#walk(stack, from, seen, 0);
  }

  #walk(stack: readonly Layer[], from: Opening, seen: RouteLocation[], depth: number): void {
    if (depth > MAX_DEPTH) return;
    for (const layer of stack) {
      this.#asked += 1;
      if (this.#asked > MAX_ASKED) return;
      if (layer.route) {
        if (layer.route === this.#route && matchOf(layer, from.rest)) seen.push(from);
        continue;
      }
      const inside = this.#enter(layer, from);
      if (!inside) continue;
      const inner = stackOf(layer.handle);
      if (inner) this.#walk(inner, inside, seen, depth + 1);
      else if (this.#openings.length < MAX_OPENINGS && !this.#isOpen(inside)) this.#openings.push(inside);
    }
  }

  #isOpen(location: RouteLocation): boolean {
    return this.#openings.some(
      ({ prefix, baseUrl }) => prefix === location.prefix && baseUrl === location.baseUrl,
    );
  }

  /** What is left of the path behind a mount; undefined where the layer does not take it. */
  #enter(layer: Layer, from: Opening): Opening | undefined {
    const match = matchOf(layer, from.rest);
    if (!match) return undefined;
    const rest = from.rest.slice(match.path.length);
    if (rest !== '' && !rest.startsWith('/') && !match.path.endsWith('/')) return undefined;
    const template = mountTemplate(layer, match);
    if (template === undefined) return undefined;
    return {
      prefix: from.prefix + template,
      baseUrl: from.baseUrl + match.path.replace(/\/$/, ''),
      rest: rest.startsWith('/') ? rest : `/${rest}`,
    };
  }

  /** The innermost function that can have called the router of the route. */
  #behindFunction(baseUrl: string): RouteLocation | undefined {
    const expression = expressionOf(this.#route.path);
    return this.#openings
      .toSorted((a, b) => b.baseUrl.length - a.baseUrl.length)
      .find((opening) => {
        if (!opening.baseUrl.startsWith(baseUrl)) return false;
        if (expression) return expression.test(opening.rest);
        return opening.baseUrl === baseUrl && baseUrl !== '';
      });
  }
}
