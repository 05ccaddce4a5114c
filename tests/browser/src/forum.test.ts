import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unlessAvailable } from '@understudy/components';
import { eventually, send } from '@understudy/e2e';
import type { Browser, Locator, Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { launchChromium, withoutChromium } from './chromium.ts';
import { ForumProcess } from './forum-process.ts';
import { screenshot } from './screenshot.ts';
import { type Look, WatchedPage } from './watched-page.ts';

const skip = withoutChromium() || unlessAvailable('php') || unlessAvailable('rabbitmq');

const TASK = '/v1/tasks/comment-moderation';

/** What a small model is sure of changes from one training to the next: of each kind there is one that it judges so. */
const HARMLESS = [
  'Does anybody know whether the library is open on Saturday? Thank you!',
  'Thank you, this was exactly what I was looking for.',
  'I agree with you, the second photo is lovely. Where did you take it?',
  'Great recipe, we cooked it yesterday and the children loved it.',
];
const NASTY = [
  'You are a pathetic idiot and everybody here laughs at you. Get lost.',
  'Shut up, you stupid idiot, nobody wants to read your garbage.',
  'What a disgusting moron you are. I hope you get hurt.',
  'You are the dumbest piece of trash on this whole forum, you idiot.',
];
const SPAM = [
  'EARN 900 A DAY from home!!! No skills needed, sign up now at http://quick-cash.example',
  'Make $5000 a week from home!!! Click here now: http://quick-cash.example/join',
  'Buy cheap followers and likes today, 50% discount, visit http://quick-cash.example',
  'Free bitcoin giveaway!!! Register now and win: http://quick-cash.example/btc',
];
/** Neither hidden nor waiting. */
const SHOWN = /^(?!.*(?:moderator|Hidden))/s;
const UNSURE = [
  'Follow the link in my profile, you lazy people.',
  'People like you should look at my page first.',
  'Nobody asked you, but my shop has it for less.',
  'You would know that if you had read my blog, genius.',
];

/** The script that anybody would start, and what its visitors see: over RabbitMQ, over webhooks, and without Understudy. */
describe('the forum in PHP', { skip, timeout: 900_000 }, () => {
  let browser: Browser;
  let forum: ForumProcess;

  before(async () => {
    browser = await launchChromium();
    forum = await ForumProcess.start(['--rabbitmq']);
    await widenUntilAutomated();
  });
  after(async () => {
    await forum?.stop();
    await browser?.close();
  });

  async function open(path: string, look: Look = {}): Promise<WatchedPage> {
    const watched = await WatchedPage.open(browser, look);
    await watched.page.goto(forum.url + path);
    return watched;
  }

  async function signedIn(name: string, look: Look = {}): Promise<WatchedPage> {
    const watched = await open('/login', look);
    const { page } = watched;
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByLabel('Password').fill('lantern');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(name, { exact: true }).first().waitFor();
    return watched;
  }

  const comment = (page: Page, text: string): Locator => page.getByRole('article').filter({ hasText: text });

  async function write(page: Page, text: string): Promise<Locator> {
    await page.getByRole('textbox', { name: 'What do you want to say?' }).fill(text);
    await page.getByRole('button', { name: 'Post the comment' }).click();
    const written = comment(page, text);
    await written.waitFor();
    return written;
  }

  /** Posts comments until one is judged as `words` say; gives it, and how many it took. */
  async function judged(page: Page, texts: readonly string[], words: RegExp, ending = '') {
    const found: string[] = [];
    for (const [before, text] of texts.entries()) {
      const written = await write(page, text + ending);
      await written.getByText('Being checked').waitFor({ state: 'detached' });
      const said = await written.innerText();
      if (words.test(said)) return { text: text + ending, posted: before + 1 };
      found.push(said);
    }
    throw new Error(`none is judged as ${words}:\n${found.join('\n')}\n${forum.log}`);
  }

  /** Without a reload: the page looks by itself. */
  async function settledTo(article: Locator, words: RegExp): Promise<void> {
    await article
      .getByText(words)
      .waitFor()
      .catch(async (error: unknown) => {
        throw new Error(`${await article.innerText()}\n${forum.log}`, { cause: error });
      });
  }

  async function thread(page: Page, title: string): Promise<string> {
    await page.goto(`${forum.url}/new`);
    await page.getByRole('textbox', { name: 'Title' }).fill(title);
    await page.getByRole('textbox', { name: 'What is it about?' }).fill('Something to talk about.');
    await page.getByRole('button', { name: 'Open the thread' }).click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    return new URL(page.url()).pathname;
  }

  async function ask(path: string, change?: { body: object; etag: string }) {
    const { url, key } = forum.understudy;
    const { status, headers, json, text } = await send(url, {
      path,
      headers: { Authorization: `Bearer ${key}`, ...(change && { 'If-Match': change.etag }) },
      ...(change && { method: 'PUT', body: change.body }),
    });
    assert.equal(status, 200, text);
    return { ...json, etag: String(headers.etag) };
  }

  /**
   * The forum's few hundred comments certify its own budget about every second time, by the luck of the split. What is
   * looked at here is what becomes of answers, so the budget is widened until most comments are answered.
   */
  async function widenUntilAutomated(): Promise<void> {
    const said = [];
    for (const maxError of [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]) {
      const { id, task, created_at, updated_at, revision: _number, etag, ...definition } = await ask(TASK);
      const body = { ...definition, error_budget: { max_error: maxError, confidence: 0.9 } };
      await ask(TASK, { body, etag });
      const found = await ask(`${TASK}/certification`);
      said.push(found);
      if (found.in_force && found.expected_coverage >= 0.6) return;
    }
    throw new Error(`nothing is certified: ${JSON.stringify(said)}`);
  }

  async function labelsOf(text: string): Promise<{ label: string; source: string; person: string | null }[]> {
    const labels = [];
    for (const { id } of (await ask('/v1/decisions?task=comment-moderation&limit=200')).data) {
      const decision = await ask(`/v1/decisions/${id}`);
      if (decision.input.text === text) labels.push(...decision.labels);
    }
    return labels;
  }

  async function givenTo(text: string) {
    const labels = await labelsOf(text);
    return labels.length > 0 ? labels : null;
  }

  test('nobody gets in with a wrong password, and no form works without its token', async () => {
    const watched = await open('/login');
    const { page } = watched;
    await page.getByRole('textbox', { name: 'Name' }).fill('ada');
    await page.getByLabel('Password').fill('guess');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('do not belong together').waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await page.goto(`${forum.url}/moderation`);
    await page.waitForURL(/\/login$/);
    watched.assertClean('sign in');
    await watched.close();

    const mara = await signedIn('mara');
    const refused = await mara.page.request.get(`${forum.url}/moderation`, { maxRedirects: 0 });
    assert.equal(refused.status(), 403);
    const forged = await mara.page.request.post(`${forum.url}/threads/1`, { form: { body: 'forged', _token: 'no' } });
    assert.equal(forged.status(), 400);
    await mara.close();
  });

  test('over RabbitMQ: a harmless comment appears, a nasty one is hidden, a moderator decides what is unsure, an appeal is granted', async () => {
    const mara = await signedIn('mara');
    const path = await thread(mara.page, 'Saturday plans');
    const { text: harmless } = await judged(mara.page, HARMLESS, SHOWN);
    const { text: nastyText } = await judged(mara.page, NASTY, /Hidden automatically: toxic/);
    const nasty = comment(mara.page, nastyText);
    await judged(mara.page, SPAM, /Hidden automatically: spam/);
    const { text: unsure } = await judged(mara.page, UNSURE, /A moderator looks at it/);

    const stranger = await open(path);
    await comment(stranger.page, harmless).waitFor();
    const seen = await stranger.page.content();
    for (const hidden of [nastyText, 'quick-cash', unsure]) assert.ok(!seen.includes(hidden), hidden);
    await stranger.page.getByText('Hidden by the moderation.').first().waitFor();
    stranger.assertClean('stranger');

    await nasty.locator('summary').click();
    await nasty
      .getByRole('textbox', { name: 'Why should it be shown?' })
      .fill('A line from the play that we rehearse.');
    assert.deepEqual(await violationsOn(mara.page), []);
    await nasty.getByRole('button', { name: 'Send the appeal' }).click();
    await mara.page.getByRole('status').getByText('Your appeal was sent').waitFor();

    const ada = await signedIn('ada');
    await ada.page.getByRole('link', { name: 'Moderation' }).click();
    await ada.page.getByRole('heading', { level: 1, name: 'Moderation' }).waitFor();
    const appealed = comment(ada.page, nastyText);
    await appealed.getByText('A line from the play').waitFor();
    await appealed.getByText('hidden as toxic by Understudy').waitFor();
    await comment(ada.page, unsure).getByText('Understudy is not sure').waitFor();
    assert.deepEqual(await violationsOn(ada.page), []);
    await screenshot(ada.page, 'forum-moderation');
    await appealed.getByRole('button', { name: 'Show' }).click();
    await ada.page.getByRole('status').getByText('The appeal of mara is granted').waitFor();
    await comment(ada.page, unsure).getByRole('button', { name: 'Hide: spam' }).click();
    await ada.page.getByRole('status').getByText('is hidden as spam').waitFor();

    await mara.page.reload();
    await settledTo(comment(mara.page, nastyText), /Your appeal was granted/);
    await settledTo(comment(mara.page, unsure), /Hidden by a moderator: spam/);
    await screenshot(mara.page, 'forum-thread');
    await stranger.page.reload();
    await comment(stranger.page, nastyText).waitFor();

    // What they said has reached Understudy, in the name of a number.
    for (const [text, label] of [
      [nastyText, 'ok'],
      [unsure, 'spam'],
    ] as const) {
      const labels = await eventually('the label is there', () => givenTo(text), 90_000, 500);
      assert.deepEqual(
        labels.map((given) => [given.label, given.source, /^moderator-\d+$/.test(given.person ?? '')]),
        [[label, 'application', true]],
      );
    }
    for (const watched of [mara, ada]) watched.assertClean('journey');
    for (const watched of [mara, ada, stranger]) await watched.close();
  });

  test('at the desk a comment is judged blindly, and the verdict comes back to the forum', async () => {
    const jon = await signedIn('jon');
    await thread(jon.page, 'Trams');
    const { text } = await judged(jon.page, UNSURE, /A moderator looks at it/, ' Really.');
    const ada = await signedIn('ada', { scheme: 'dark', width: 400 });
    const until = Date.now() + 180_000;
    for (let found = false; !found; ) {
      assert.ok(Date.now() < until, `the comment does not come to the desk\n${forum.log}`);
      await ada.page.goto(`${forum.url}/moderation/desk`);
      const item = ada.page.getByRole('article', { name: 'Comment' });
      if ((await item.count()) === 0) continue; // it is on its way into the queue
      found = (await item.innerText()).includes(text);
      assert.doesNotMatch(await item.innerText(), /jon|sure/);
      if (found) {
        assert.deepEqual(await violationsOn(ada.page), []);
        await screenshot(ada.page, 'forum-desk-dark-narrow');
      }
      await item.getByRole('button', { name: found ? 'Hide: spam' : 'Show' }).click();
      await ada.page.waitForLoadState();
    }
    await jon.page.reload();
    await settledTo(comment(jon.page, text), /Hidden by a moderator: spam/);
    const labels = await labelsOf(text);
    assert.deepEqual([labels[0]?.label, labels[0]?.source], ['spam', 'reviewer']);
    ada.assertClean('desk');
    await ada.close();
    await jon.close();
  });

  test('every page is accessible and fits, light and dark, wide and narrow', async () => {
    for (const look of [
      { scheme: 'light', width: 1280 },
      { scheme: 'dark', width: 360 },
    ] as const) {
      const ada = await signedIn('ada', look);
      for (const path of ['/', '/threads/8', '/new', '/moderation', '/moderation/decided', '/moderation/progress']) {
        await ada.page.goto(forum.url + path);
        assert.deepEqual(await violationsOn(ada.page), [], `${path} ${look.scheme}`);
        const tooWide = await ada.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(tooWide, false, `${path} ${look.width}`);
        await screenshot(ada.page, `forum${path.replaceAll('/', '-')}-${look.scheme}-${look.width}`);
      }
      ada.assertClean(look.scheme);
      await ada.close();
    }
  });

  test('over HTTP: the same as jobs, whose answers come by webhook', async () => {
    const { folder, port } = forum;
    await forum.stop();
    forum = await ForumProcess.start(['--webhooks'], { folder, port });
    const jon = await signedIn('jon');
    await thread(jon.page, 'Tea or coffee');
    const harmless = await judged(jon.page, HARMLESS, SHOWN, ' See you on Sunday.');
    const spam = await judged(jon.page, SPAM, /Hidden automatically: spam/, ' today');
    const all = 2 * (harmless.posted + spam.posted);
    // What a slow moment kept from being handed over follows by itself.
    const allJobs = async () => {
      const { data } = await ask('/v1/jobs?limit=50');
      return data.length >= all ? data : null;
    };
    const jobs = await eventually('each comment, two tasks', allJobs, 90_000, 500);
    assert.equal(jobs.length, all);
    jon.assertClean('webhooks');
    await jon.close();
  });

  test('without Understudy the forum goes on; what was said meanwhile is not lost', async () => {
    const { folder, port } = forum;
    await forum.stop();
    const nowhere = { UNDERSTUDY_URL: 'http://127.0.0.1:9', UNDERSTUDY_API_KEY: 'us_nobody_is_there' };
    forum = await ForumProcess.start([], { folder, port, settings: nowhere });
    const text = 'The lantern walk starts at six, by the fountain. Bring gloves.';
    const jon = await signedIn('jon');
    const path = await thread(jon.page, 'Lantern walk');
    await settledTo(await write(jon.page, text), /Being checked/);
    const ada = await signedIn('ada');
    await ada.page.goto(`${forum.url}/moderation/desk`);
    await ada.page.getByText('Understudy cannot be asked now').waitFor();
    await ada.page.goto(`${forum.url}/moderation`);
    await comment(ada.page, text).getByText('no answer yet').waitFor();
    await comment(ada.page, text).getByRole('button', { name: 'Show' }).click();
    await ada.page.getByRole('status').getByText('is shown').waitFor();
    const stranger = await open(path);
    await comment(stranger.page, text).waitFor();
    for (const watched of [jon, ada, stranger]) await watched.close();

    await forum.stop();
    forum = await ForumProcess.start([], { folder, port });
    const what = 'it is decided, and the moderator’s word is sent';
    const labels = await eventually(what, () => givenTo(text), 90_000, 500);
    assert.deepEqual([labels[0]!.label, labels[0]!.source], ['ok', 'application']);
  });
});
