/** Collects what nobody holds, and gives its pages back to the system: an ordinary collection would keep them. */
export function giveBackMemory(): void {
  void globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
