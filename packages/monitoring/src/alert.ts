import type { ALERT_KINDS, Alert as AlertBody } from '@understudy/wire';

export type AlertKind = (typeof ALERT_KINDS)[number];

/** Something that somebody has to know, with what it rests on. */
export interface Alert {
  /** `alr_…` */
  id: string;
  workspace: string;
  /** Empty, as the slug: about the workspace. */
  taskId: string;
  /** Slug. */
  task: string;
  kind: AlertKind;
  /** What it is about: a certificate's or a task's id. One alert a kind and subject is open at a time. */
  subject: string;
  severity: 'critical' | 'warning';
  summary: string;
  evidence: Record<string, unknown>;
  /** Milliseconds since the epoch. */
  openedAt: number;
  resolvedAt: number | null;
  resolution: string | null;
  acknowledged: { at: number; by: string; note: string | null } | null;
}

const iso = (at: number) => new Date(at).toISOString();

export function presentAlert(alert: Alert): AlertBody {
  const { id, task, kind, severity, summary, evidence, openedAt, resolvedAt, resolution, acknowledged } = alert;
  return {
    id,
    task: task === '' ? null : task,
    kind,
    severity,
    open: resolvedAt === null,
    summary,
    evidence,
    opened_at: iso(openedAt),
    resolved_at: resolvedAt === null ? null : iso(resolvedAt),
    resolution,
    acknowledged: acknowledged === null ? null : { ...acknowledged, at: iso(acknowledged.at) },
  };
}
