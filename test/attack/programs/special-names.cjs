// The names of the values of special-extras.cjs, without making them.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const source = readFileSync(join(__dirname, 'special-extras.cjs'), 'utf8');
module.exports = Array.from(
  source.slice(source.indexOf('module.exports')).matchAll(/^ {2}'([^']+)':/gm),
  ([, name]) => name,
);
