// Answers questions of the bench with what the operating system accounts to this process.
'use strict';

function usage() {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const thread = process.threadCpuUsage();
  return {
    cpuUs: userCPUTime + systemCPUTime,
    threadUs: thread.user + thread.system,
    rssBytes: process.memoryUsage.rss(),
  };
}

process.on('message', ({ ask }) => {
  if (ask === 'usage') process.send({ usage: usage() });
});

// Nothing that is measured outlives the bench.
process.once('disconnect', () => process.exit());

module.exports = { usage };
