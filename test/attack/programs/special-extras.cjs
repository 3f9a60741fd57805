// Values that no JSON can carry, made before anything is measured: making them takes longer than logging them may.
const vm = require('node:vm');

const cyclic = { a: 1 };
cyclic.self = cyclic;
let deep = {};
for (let level = 0; level < 100_000; level++) deep = { deep };
let causes = new Error('innermost');
for (let level = 0; level < 1000; level++) causes = new Error(`level ${level}`, { cause: causes });
const ownCause = new Error('its own cause');
ownCause.cause = ownCause;
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const throws = () => {
  throw new Error('a trap');
};
const sparse = [];
sparse.length = 2 ** 32 - 1;

module.exports = {
  'a cycle': cyclic,
  'a depth of 100,000': deep,
  '1,000 causes': causes,
  'an error that is its own cause': ownCause,
  'an AggregateError of 2,000': new AggregateError(
    Array.from({ length: 2000 }, (_, n) => new Error(`error ${n}`)),
    'all of them',
  ),
  '200,000 keys': Object.fromEntries(Array.from({ length: 2e5 }, (_, n) => [`key${n}`, n])),
  'a Map of 200,000': new Map(Array.from({ length: 2e5 }, (_, n) => [n, n])),
  'a Set of 200,000': new Set(Array.from({ length: 2e5 }, (_, n) => n)),
  'a text of 5 MB': 'a'.repeat(5e6),
  'a key of 1 MB': { ['k'.repeat(1e6)]: 1 },
  'a Buffer of 5 MB': Buffer.alloc(5e6),
  'a typed array of 500,000': { floats: new Float64Array(5e5) },
  'a sparse array': { sparse },
  'a getter that throws': Object.defineProperty({}, 'value', { enumerable: true, get: throws }),
  'a toJSON that throws': { value: { toJSON: throws } },
  'a toJSON that never ends': {
    toJSON() {
      return { toJSON: this.toJSON };
    },
  },
  'a revoked proxy': { proxy: revoked.proxy },
  'a proxy whose traps throw': new Proxy({}, { get: throws, ownKeys: throws, getPrototypeOf: throws }),
  'a proxy of endless depth': (() => {
    const handler = {
      get: () => new Proxy({}, handler),
      ownKeys: () => ['a'],
      getOwnPropertyDescriptor: () => ({
        enumerable: true,
        configurable: true,
        value: new Proxy({}, handler),
      }),
    };
    return new Proxy({}, handler);
  })(),
  'values that JSON does not know': {
    big: 10n,
    symbol: Symbol('s'),
    call: () => {},
    nothing: undefined,
    not: Number.NaN,
    endless: Number.POSITIVE_INFINITY,
    date: new Date(Number.NaN),
  },
  'an own __proto__': JSON.parse('{"__proto__":{"polluted":true},"b":2}'),
  'no prototype': Object.assign(Object.create(null), { a: 1 }),
  'fields of ours': {
    application: 'security',
    timestamp: 'x',
    level: 'x',
    uid: 'x',
    'log.record.uid': 'x',
    module: '../x',
    logger: 'x',
    message: 'x',
  },
  'an error of another realm': vm.runInNewContext('new Error("elsewhere")'),
  'a stack that throws': Object.defineProperty(new Error('m'), 'stack', { get: throws }),
  'a message that throws': Object.defineProperty(new Error('m'), 'message', { get: throws }),
  'a class that cannot be a text': { value: { [Symbol.toPrimitive]: throws, toString: throws } },
};
