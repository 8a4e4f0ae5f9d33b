/** Whether a run of this thread waits or runs now. */
type FindBusy = (threadId: string) => Promise<boolean>;

/**
 * The users whom the guard let through to a thread's command routes, with a way to see whether a thread is busy. The
 * server shows its rules nothing but the user there, so the user is what this is kept by; it goes when the user goes.
 */
const admitted = new WeakMap<object, FindBusy>();

/** Remembers that the guard has checked this user's request, and how to look the thread up. */
export function admitToCommands(user: object, findBusy: FindBusy): void {
  admitted.set(user, findBusy);
}

/** True when the guard let this user through and the thread is free. */
export async function isAdmitted(user: object, threadId: string): Promise<boolean> {
  const findBusy = admitted.get(user);
  return findBusy !== undefined && !(await findBusy(threadId));
}
