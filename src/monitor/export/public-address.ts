/** The address under which people reach the monitor, for links in mails and alerts. */
export class PublicAddress {
  readonly #configured: string | undefined;
  #served: string | undefined;

  /** `configured`: the address that a setting names, which is right behind a proxy. */
  constructor(configured: string | undefined) {
    this.#configured = configured?.replace(/\/+$/, '');
  }

  /** What the server listens on; undefined while it does not. */
  serve(url: string | undefined): void {
    this.#served = url;
  }

  /** Empty while it is not known. */
  get url(): string {
    return this.#configured ?? this.#served ?? '';
  }
}
