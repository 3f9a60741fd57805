import type { AgentRequests } from '../../src/monitor/agents/agent-requests.ts';

/** Does nothing that is asked but write it down. */
export function recordedRequests(events: string[] = []): AgentRequests {
  return {
    spooled: () => void events.push('spooled'),
    sampleHost: () => void events.push('sample-host'),
    drain: (deadlineMs) => {
      events.push(`drain ${deadlineMs}`);
      return Promise.resolve();
    },
    processUnlinked: ({ processId }, end) =>
      void events.push(`${processId} ended: ${end ? `${end.kind} ${end.code}` : 'without a message'}`),
    reload: () => Promise.resolve(true),
    silence: (request) => {
      events.push(`silence ${request.do}`);
      return { ok: true, silences: [] };
    },
    stepDown: () => void events.push('step-down'),
  };
}
