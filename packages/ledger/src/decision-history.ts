import { type Clock, isId, newId, systemClock } from '@understudy/kernel';
import { canonicalJson } from './canonical.ts';
import { type RecordedDecision, type RecordedLabel, viewDecision, viewLabel } from './decision-view.ts';
import { type EchoStore, isEcho, NO_EVIDENCE } from './echo.ts';
import type { LabelSource } from './entry.ts';
import { ledgerErrors } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { sha256Hex } from './merkle.ts';
import type { DecisionFilter, LabelRules, LedgerStorage, StoredEntry } from './ports.ts';

export interface NewLabel {
  label: string;
  source: LabelSource;
  principal: string;
  note?: string | undefined;
  /** With which probability the decision was to be labelled; null when unknown. */
  probability?: number | null;
  /** The application's own user who decided. */
  person?: string | undefined;
  seconds?: number | null;
  item?: string | null;
}

export interface DecisionHistoryOptions {
  storage: LedgerStorage;
  ledger: Ledger;
  rules: LabelRules;
  /** What is known of keys that copy our answers. Without it, only labels that name nobody are recognised. */
  echoes?: Pick<EchoStore, 'of'>;
  clock?: Clock;
}

/** The reading side of the ledger, and the labels that are put to decisions. */
export class DecisionHistory {
  readonly #storage: LedgerStorage;
  readonly #ledger: Ledger;
  readonly #rules: LabelRules;
  readonly #echoes: Pick<EchoStore, 'of'> | undefined;
  readonly #clock: Clock;

  constructor(options: DecisionHistoryOptions) {
    this.#storage = options.storage;
    this.#ledger = options.ledger;
    this.#rules = options.rules;
    this.#echoes = options.echoes;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * One page, newest first. A page may be shorter than `limit`, even empty, while `nextCursor` is set: a filter
   * without an index looks at a bounded number of rows a page. The list ends where `nextCursor` is null.
   *
   * @throws `invalid_cursor`
   */
  async list(
    workspace: string,
    filter: DecisionFilter,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ decisions: RecordedDecision[]; nextCursor: string | null }> {
    const fingerprint = sha256Hex(canonicalJson(filter)).slice(0, 16);
    const before = page.cursor === undefined ? null : readCursor(page.cursor, fingerprint);
    const { rows, resumeBelow } = await this.#storage.list(workspace, storable(filter), { limit: page.limit, before });
    return {
      decisions: rows.map(viewDecision),
      nextCursor: resumeBelow === null ? null : Buffer.from(`${fingerprint}${resumeBelow}`).toString('base64url'),
    };
  }

  /** @throws `decision_not_found` for a missing, a foreign and a malformed id alike */
  async get(workspace: string, id: string): Promise<{ decision: RecordedDecision; labels: RecordedLabel[] }> {
    const row = await this.#row(workspace, id);
    return { decision: viewDecision(row), labels: await this.labels(workspace, id) };
  }

  /** Every label that a decision was given, oldest first. */
  async labels(workspace: string, id: string): Promise<RecordedLabel[]> {
    const rows = await this.#storage.annotationsOf(workspace, id);
    return rows.filter(({ kind }) => kind === 'label').map(viewLabel);
  }

  /**
   * Records a label. One that an application copied from our own answer is recorded as an echo (see {@link isEcho}).
   *
   * @throws `decision_not_found` `unknown_label` and what {@link Ledger.append} throws
   */
  async addLabel(workspace: string, id: string, given: NewLabel): Promise<RecordedLabel> {
    const decision = viewDecision(await this.#row(workspace, id));
    const { task } = decision;
    if (!(await this.#rules.allows(workspace, task, given.label))) {
      const detail = `“${given.label}” is not a label of revision ${task.revision} of ${task.slug}.`;
      throw ledgerErrors.unknown_label(detail, { problems: [{ pointer: '/label', code: 'unknown_label', detail }] });
    }
    const now = this.#clock.now();
    const { label, source, principal, note, probability = null, person, seconds = null, item = null } = given;
    const echo = source === 'application' && (await this.#isEcho(workspace, given, decision));
    const entryId = newId('lab', now);
    await this.#ledger.append({
      kind: 'label',
      workspace,
      id: entryId,
      decision: id,
      label,
      source,
      principal,
      probability,
      note,
      person,
      seconds,
      item,
      echo,
    });
    return {
      id: entryId,
      label,
      source,
      principal,
      probability,
      note: note ?? null,
      person: person ?? null,
      seconds,
      item,
      echo,
      createdAt: new Date(now).toISOString(),
    };
  }

  /**
   * Takes the personal data of 1…1,000 decisions out, their notes' and the kept responses' with it, and records that.
   * Hashes and proofs stay valid. A decision that is not there is `decision_not_found`, and nothing is erased.
   */
  async erase(workspace: string, ids: readonly string[], by: { reason: string; principal: string }): Promise<void> {
    for (const id of ids) await this.#row(workspace, id);
    const now = this.#clock.now();
    await this.#ledger.appendAll(
      ids.map((decision) => ({ kind: 'erasure' as const, workspace, id: newId('era', now), decision, ...by })),
    );
  }

  async #isEcho(workspace: string, given: NewLabel, decision: RecordedDecision): Promise<boolean> {
    const evidence = (await this.#echoes?.of(workspace, given.principal)) ?? NO_EVIDENCE;
    return isEcho(given, decision, evidence);
  }

  async #row(workspace: string, id: string): Promise<StoredEntry> {
    const row = isId('dec', id) ? await this.#storage.get(workspace, id) : undefined;
    if (row === undefined) throw ledgerErrors.decision_not_found('There is no such decision.');
    return row;
  }
}

function readCursor(cursor: string, fingerprint: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const id = text.slice(fingerprint.length);
  if (!text.startsWith(fingerprint) || !isId('dec', id)) {
    throw ledgerErrors.invalid_cursor('This cursor does not belong to this list.', {
      problems: [{ pointer: '/cursor', code: 'invalid_cursor', detail: 'Not from this list and these filters.' }],
    });
  }
  return id;
}

/** A text that no row can hold matches none; the database would refuse to look for it. */
function storable(filter: DecisionFilter): DecisionFilter {
  const clean = (value: string | undefined) => value?.toWellFormed().replaceAll('\0', '\uFFFD');
  const { task, label, modelVersion, subject, externalId } = filter;
  const texts = {
    task: clean(task),
    label: clean(label),
    modelVersion: clean(modelVersion),
    subject: clean(subject),
    externalId: clean(externalId),
  };
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
  return { ...filter, ...given };
}
