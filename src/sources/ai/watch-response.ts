// Hot path: once per chunk of an answer.
import type { AiStatus } from '../../metrics/ai-status.ts';
import { UsageReader } from './usage-reader.ts';
import type { TokenUsage, WireFormat } from './wire-format.ts';

/** Called once: how an answer ended. `isRead` is false for one whose body the service never read. */
export type OnAnswer = (status: AiStatus, usage: TokenUsage, isRead: boolean) => void;

type Stream = ReadableStream<Uint8Array>;
type Chunk = { readonly done: boolean; readonly value?: Uint8Array | undefined };
type Read = (...args: unknown[]) => Promise<Chunk>;
interface Reader {
  read: Read;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

/** How a call ends that fails with this error: by the service's own hand, or not. */
export const statusOfError = (error: unknown): AiStatus =>
  error instanceof Error && error.name === 'AbortError' ? 'cancelled' : 'error';

/** Shadows a method of one object, not to be seen in a listing of it. */
function shadow(owner: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Reads along as the service reads: nothing is read, buffered or kept open by us, so that what it cancels ends. */
class Watcher {
  readonly #usage: UsageReader;
  #onAnswer: OnAnswer | undefined;

  constructor(format: WireFormat, onAnswer: OnAnswer) {
    this.#usage = new UsageReader(format);
    this.#onAnswer = onAnswer;
  }

  /** The service gives up the answer, unless it has all of it. */
  #cancelled(): void {
    this.end(this.#usage.isComplete ? 'success' : 'cancelled');
  }

  end(status: AiStatus, isRead = true): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = undefined;
    onAnswer?.(status, this.#usage.usage, isRead);
  }

  /** All ways of reading a body lead over this one stream: `json()` and the like ask it for a reader. */
  watch(stream: Stream): void {
    const getReader = stream.getReader.bind(stream);
    const cancel = stream.cancel.bind(stream);
    const pipeThrough = stream.pipeThrough.bind(stream);
    const watched = (): Stream => pipeThrough(this.#passingOn());
    const iterate = (options?: { readonly preventCancel?: boolean }): AsyncIterableIterator<Uint8Array> =>
      this.#iterator(getReader(), options?.preventCancel === true);
    shadow(stream, 'getReader', (...args: Parameters<Stream['getReader']>) =>
      this.#reader(getReader(...args) as unknown as Reader),
    );
    shadow(stream, 'values', iterate);
    shadow(stream, Symbol.asyncIterator, iterate);
    shadow(stream, 'cancel', (reason?: unknown) => {
      this.#cancelled();
      return cancel(reason);
    });
    shadow(stream, 'pipeThrough', (...args: Parameters<Stream['pipeThrough']>) =>
      watched().pipeThrough(...args),
    );
    shadow(stream, 'pipeTo', (...args: Parameters<Stream['pipeTo']>) => watched().pipeTo(...args));
    shadow(stream, 'tee', () => watched().tee());
  }

  #reader(reader: Reader): Reader {
    const read = reader.read.bind(reader);
    const cancel = reader.cancel.bind(reader);
    shadow(reader, 'read', (...args: unknown[]) => this.#read(() => read(...args)));
    shadow(reader, 'cancel', (reason?: unknown) => {
      this.#cancelled();
      return cancel(reason);
    });
    return reader;
  }

  async #read(read: Read): ReturnType<Read> {
    try {
      const result = await read();
      if (result.done) this.#done();
      else this.#take(result.value);
      return result;
    } catch (error) {
      this.end(statusOfError(error));
      throw error;
    }
  }

  #iterator(reader: Reader, preventCancel: boolean): AsyncIterableIterator<Uint8Array> {
    let isOver = false;
    const over: IteratorReturnResult<undefined> = { done: true, value: undefined };
    const iterator: AsyncIterableIterator<Uint8Array> = {
      next: async () => {
        if (isOver) return over;
        const result = await this.#read(() => reader.read());
        if (!result.done && result.value) return { done: false, value: result.value };
        isOver = true;
        reader.releaseLock();
        return over;
      },
      return: async () => {
        if (isOver) return over;
        isOver = true;
        this.#cancelled();
        const cancelled = preventCancel ? undefined : reader.cancel();
        reader.releaseLock();
        await cancelled;
        return over;
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #passingOn(): TransformStream<Uint8Array, Uint8Array> {
    type Options = NonNullable<ConstructorParameters<typeof TransformStream<Uint8Array, Uint8Array>>[0]>;
    const transformer: Options & { cancel(): void } = {
      transform: (chunk, controller) => {
        this.#take(chunk);
        controller.enqueue(chunk);
      },
      flush: () => this.#done(),
      cancel: () => this.#cancelled(),
    };
    return new TransformStream<Uint8Array, Uint8Array>(transformer);
  }

  #take(chunk: unknown): void {
    try {
      this.#usage.chunk(chunk);
    } catch {
      // The tokens of this answer are unknown; the service gets it all the same.
    }
  }

  #done(): void {
    try {
      this.#usage.end();
    } finally {
      this.end('success');
    }
  }
}

/** Answers whose body nobody reads end with the response itself. */
const unread = new FinalizationRegistry<Watcher>((watcher) => watcher.end('success', false));

/**
 * Watches how the service reads an answer, to its last byte, and calls back once. The response stays the one that fetch
 * made: only methods of its body are shadowed.
 */
export function watchResponse(response: Response, format: WireFormat, onAnswer: OnAnswer): void {
  const { body } = response;
  const watcher = new Watcher(format, onAnswer);
  if (!response.ok || body === null) {
    watcher.end(response.ok ? 'success' : 'error', false);
    return;
  }
  watcher.watch(body as Stream);
  unread.register(response, watcher);
}
