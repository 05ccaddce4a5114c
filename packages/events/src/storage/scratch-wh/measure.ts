import { createTestDatabase } from '@understudy/database-postgres/testing';
import { eventsMigrations } from '../index.ts';
import { webhookRoom, caller } from '../../testing/webhook-room.ts';
const db = await createTestDatabase({ migrations: [eventsMigrations] });
const room = webhookRoom(db);
for (const [i, n] of [[0, 300000], [1, 300], [2, 300]] as const) {
  const ws = `ws_${i}`;
  await room.webhooks.create(caller(ws), { url: 'http://127.0.0.1:1/', events: ['*'], task: null, description: null });
  const [{ id }] = await db.asOwner<{ id: string }>('SELECT id FROM events.webhooks WHERE workspace_id=$1', [ws]) as any;
  await db.asOwner(`INSERT INTO events.deliveries (workspace_id,id,target,webhook,event,type,subject,body,next_at,give_up_at,created_at)
   SELECT '${ws}', 'dlv_'||g, '${id}', '${id}', 'evt_'||g, 'decision.made', 'dec_'||g, repeat('x',600), to_timestamp(${room.time.now/1000} - 100), to_timestamp(${room.time.now/1000}+200000), now() FROM generate_series(1,${n}) g`);
  if (i === 0) await db.asOwner(`INSERT INTO events.delivery_targets VALUES ('${ws}','${id}',9,now(),to_timestamp(${room.time.now/1000}+100),null,null,'x')`);
}
await db.asOwner('ANALYZE');
for (let k = 0; k < 6; k++) {
  const t = performance.now();
  const c = await room.deliveries.claim({ now: room.time.now, limit: 64, perTarget: 8, probeFrom: 5, leaseMs: 60000 });
  console.log('claim', c.length, (performance.now() - t).toFixed(1), 'ms');
}
let t = performance.now();
console.log(await room.deliveries.figures(room.time.now), (performance.now() - t).toFixed(1), 'ms');
t = performance.now();
await db.database.inWorkspace('ws_0', (tx) => room.deliveries.erase(tx, 'ws_0', ['dec_5'], room.time.now));
console.log('erase', (performance.now() - t).toFixed(1), 'ms');
await room.close(); await db.close();
