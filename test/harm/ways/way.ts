/** A way in which people run a service. */
export interface Way {
  readonly name: string;
  /** The program and its arguments; the run's folder holds a copy of programs/. */
  readonly command: readonly string[];
  /** `pm2`: its daemon outlives the command, which is asked for everything. */
  readonly manager: 'none' | 'pm2';
  /** A signal goes to the whole process group, as a terminal and systemd send it; else to the command alone. */
  readonly signalsGroup: boolean;
  /** Whether a second server listens on CHILD_PORT. */
  readonly hasChild: boolean;
  /** How many processes serve. */
  readonly servers: number;
  /** What happens to the process that serves when it is killed. */
  readonly restarts: boolean;
  /** How a new version is put in force; `restart`: by stopping and starting it. */
  readonly reload: 'SIGHUP' | 'pm2 reload' | 'touch' | 'restart';
  /** How one worker is killed that is not the leader; undefined: there is none. */
  readonly kill: 'follower' | 'SIGUSR2' | undefined;
}
