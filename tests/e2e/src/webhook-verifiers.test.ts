import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const old = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
const now = 1_767_225_600;
const id = 'evt_12_0';
const body = JSON.stringify({ specversion: '1.0', id, type: 'decision.made', data: { text: 'Grüße ✓' } });
const sign = (key = secret, text = body, at = now) => new Webhook(key).sign(id, new Date(at * 1000), text);
const attempt = (ok: boolean, signature: string, { text = body, time = String(now), name = id } = {}) => ({
  ok,
  body: text,
  headers: { 'webhook-id': name, 'webhook-timestamp': time, 'webhook-signature': signature },
});
const good = sign();
const raw = Buffer.from(good.slice(3), 'base64');
const flipped = (bit: number) => {
  const bytes = Buffer.from(raw);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return `v1,${bytes.toString('base64')}`;
};

/** What a verifier must and must not accept: row 40 in every language. */
const attempts = [
  attempt(true, good),
  attempt(true, `${sign(old)} ${good}`),
  attempt(true, `v1a,AAAA ${good} v2,AAAA`),
  attempt(true, sign(secret, body, now - 299), { time: String(now - 299) }),
  attempt(false, sign(old)),
  attempt(false, sign(secret, body, now - 301), { time: String(now - 301) }),
  attempt(false, sign(secret, body, now + 301), { time: String(now + 301) }),
  ...['', ' ', 'v1', 'v1,', good.slice(3), `v2${good.slice(2)}`, `${good}${good.slice(3)}`, `${good}=`].map((one) =>
    attempt(false, one),
  ),
  ...Array.from({ length: good.length }, (_, length) => attempt(false, good.slice(0, length))),
  ...Array.from({ length: 256 }, (_, bit) => attempt(false, flipped(bit))),
  ...[`${body} `, '', '{}', body.replace('made', 'mode')].map((text) => attempt(false, good, { text })),
  ...['', '1e9', ` ${now}`, `${now}\n`, `${now}.0`, String(now + 1)].map((time) => attempt(false, good, { time })),
  ...['', 'evt_12_1'].map((name) => attempt(false, good, { name })),
  ...['[]', 'null', '"x"', 'no JSON', '{"id":"evt_1_1"}'].map((text) => attempt(false, sign(secret, text), { text })),
];

const file = (name: string) => fileURLToPath(new URL(`../../../examples/webhooks/${name}`, import.meta.url));

const languages = [
  {
    name: 'PHP',
    command: ['php', '-r'],
    code: `require $argv[1]; $in = json_decode(stream_get_contents(STDIN), true);
      foreach ($in['attempts'] as $one) {
        try { verify_webhook($one['body'], $one['headers'], $in['secret'], 300, $in['now']); $out[] = true; }
        catch (InvalidWebhook $e) { $out[] = false; }
      } echo json_encode($out);`,
    file: 'webhook.php',
  },
  {
    name: 'Python',
    command: ['python3', '-c'],
    code: `import json, sys, importlib.util
spec = importlib.util.spec_from_file_location("webhook", sys.argv[1])
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
given = json.load(sys.stdin); out = []
for one in given["attempts"]:
    try:
        module.verify_webhook(one["body"].encode(), one["headers"], given["secret"], 300, given["now"]); out.append(True)
    except module.InvalidWebhook: out.append(False)
print(json.dumps(out))`,
    file: 'webhook.py',
  },
];

for (const { name, command, code, file: example } of languages) {
  const [program, flag] = command as [string, string];
  const missing = spawnSync(program, ['--version']).status !== 0;
  test(`row 40: the verifier in ${name} accepts what the public package signs, and nothing else`, {
    skip: missing && `${program} is not installed`,
  }, () => {
    const input = JSON.stringify({ secret, now, attempts });
    const run = spawnSync(program, [flag, code, file(example)], { input, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    const verdicts = JSON.parse(run.stdout) as boolean[];
    assert.equal(verdicts.length, attempts.length);
    for (const [index, one] of attempts.entries()) assert.equal(verdicts[index], one.ok, JSON.stringify(one));
  });
}
