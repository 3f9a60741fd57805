/** `node --import ./test/helpers/setup.ts`: what holds for all test files of `npm test`. */
import './changed-sdk.ts';
import './end-busy-file.ts';
