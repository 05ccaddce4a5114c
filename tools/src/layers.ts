/**
 * The floor plan: which room stands on which floor. An import may only point to a lower number. Rooms of one floor
 * do not know each other. Apps join the rooms; clients and the CLI see the HTTP API only.
 */
export const layers: Readonly<Record<string, number>> = {
  'packages/kernel': 0,
  'packages/wire': 0.5, // the schemas of bodies; knows the kernel's types
  'packages/text': 0.5,
  'packages/statistics': 0.5,
  'packages/egress': 0.5,
  'packages/identity': 1,
  'packages/lake': 1,
  'packages/events': 1.5, // its routes name identity's principals; the ledger records its events
  'packages/registry': 2,
  'packages/inference': 2,
  'packages/ledger': 2,
  'packages/decisions': 3,
  'packages/review': 4,
  'packages/training': 4,
  'packages/jobs': 4,
  'packages/compat': 4,
  'packages/monitoring': 5,
  'packages/value': 5,
  'drivers/database-postgres': 6,
  'drivers/bus-postgres': 6.5, // its tests stand on the database's
  'drivers/bus-kafka': 6,
  'drivers/bus-rabbitmq': 6,
  'drivers/bus-sqs': 6,
  'drivers/objects-filesystem': 6,
  'drivers/runtime-linear': 6,
  'drivers/runtime-neural': 6,
  'drivers/trainer-linear': 6,
  'drivers/trainer-neural': 6,
  'apps/dashboard': 0, // speaks HTTP through the client; the server serves its files
  'apps/server': 7,
  'apps/cli': 8,
  'tests/conformance': -2, // reads contracts/ only; the tests of every client start it
  'clients/typescript': -1,
  tools: 9,
  bench: 9,
  'tests/components': 5.5, // real brokers; the drivers' live tests start them
  'tests/clients': 9, // the suites of the clients in other languages
  'tests/e2e': 9,
  'tests/browser': 9.5, // stands on the harness of the end-to-end tests
  'tests/chaos': 9.5, // stands on the harness of the end-to-end tests
};

/** Arrows that the numbers alone would allow, but the design does not. */
export const forbidden: readonly { from: RegExp; to: RegExp; why: string }[] = [
  {
    from: /^apps\/cli$/,
    to: /^(packages|drivers)\//,
    why: 'the CLI speaks HTTP through the client, and starts the server',
  },
  { from: /^packages\//, to: /^drivers\//, why: 'a room names a port, never a driver' },
  { from: /^tests\//, to: /^packages\//, why: 'end-to-end tests go through HTTP only' },
];

/** Arrows between floors of equal number or upwards that are meant, each with its reason. */
export const allowed: readonly { from: string; to: string; why: string; tests?: true }[] = [];
