import { resourceFromAttributes } from '@opentelemetry/resources';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';

/** Several producers as one. */
export function joinProducers(producers: readonly MetricProducer[]): MetricProducer {
  const resource = resourceFromAttributes({});
  return {
    async collect(options) {
      const results = await Promise.all(producers.map((producer) => producer.collect(options)));
      const scopeMetrics = results.flatMap(({ resourceMetrics }) => resourceMetrics.scopeMetrics);
      return {
        resourceMetrics: { resource, scopeMetrics },
        errors: results.flatMap(({ errors }) => errors),
      };
    },
  };
}
