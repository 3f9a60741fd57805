/** The part of a file system that loading needs; all throw as `node:fs` does. */
export interface RuleFiles {
  /** The content of a file, as bytes where its encoding is to be checked. */
  readFile(path: string): string | Uint8Array;
  /** The paths of what a folder holds; undefined when the path is a file. */
  listFolder(path: string): readonly string[] | undefined;
}

const RULE_FILE = /\.(?:ya?ml|json)$/i;

/** The rule files of a path: itself, or those of a folder, not of folders below. Throws. */
export function ruleFilesAt(path: string, files: Pick<RuleFiles, 'listFolder'>): readonly string[] {
  const inside = files.listFolder(path);
  if (inside === undefined) return [path];
  const isFolder = (name: string): boolean => {
    try {
      return files.listFolder(name) !== undefined;
    } catch {
      return false;
    }
  };
  return inside.filter((name) => RULE_FILE.test(name) && !isFolder(name)).toSorted();
}
