// The series that a peer is to show: the same instruments, labels and boundaries as ours.
'use strict';

const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const RECORDED = 3;

/** Calls `observe(labels, seconds)` three times for each series. */
function observeAll(count, observe) {
  for (let n = 0; n < count * RECORDED; n += 1) {
    const series = n % count;
    const labels = { method: series % 2 === 0 ? 'GET' : 'POST', endpoint: `/api/route${series >> 1}/:id` };
    observe(labels, (n % 100) / 1000);
  }
}

module.exports = { BOUNDARIES, observeAll };
