/** The fields of package.json that name the project's address; `repository.url` is the one that the others follow. */
export interface AddressFields {
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly repository: { readonly type: 'git'; readonly url: string };
}

/** The three fields for a repository at `address`, the page of a person (`https://host/owner/name`). */
export function addressFields(address: string): AddressFields {
  const page = new URL(address).href.replace(/(\.git)?\/?$/, '');
  return {
    homepage: `${page}#readme`,
    bugs: { url: `${page}/issues` },
    repository: { type: 'git', url: `git+${page}.git` },
  };
}

/** The page that `repository.url` belongs to. */
export function pageOf({ repository }: Pick<AddressFields, 'repository'>): string {
  return repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** Whether the address is still the one that nobody can have (RFC 2606 keeps `.invalid` free). */
export const isPlaceholder = (page: string): boolean => new URL(page).hostname.endsWith('.invalid');
