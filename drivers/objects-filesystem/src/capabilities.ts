/** What this driver promises; a skipped test names the capability and the reason. */
export const capabilities = {
  durableOnPut: { supported: true, reason: 'fsync of the file before, and of its folders after, it becomes visible' },
  atomicVisibility: { supported: true, reason: 'objects are written aside and linked into place' },
  sharedBetweenMachines: {
    supported: false,
    reason: 'a local directory; two machines that share it over a network file system are not supported',
  },
} as const;
