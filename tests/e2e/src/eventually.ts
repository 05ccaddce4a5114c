/** Waits until `holds` gives something truthy and returns it. Throws when it never does. */
export async function eventually<T>(
  what: string,
  holds: () => T | Promise<T>,
  patienceMs = 20_000,
  everyMs = 20,
): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`did not happen within ${patienceMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}
