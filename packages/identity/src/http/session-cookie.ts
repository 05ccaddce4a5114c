import type { FastifyReply, FastifyRequest } from 'fastify';
import { looksLikeSession } from '../secret.ts';
import { SESSION_MS } from '../session.ts';

const NAME = 'understudy_session';
/** Workspaces that one browser is signed in to at a time. */
export const MAX_TOGETHER = 8;

/**
 * The one cookie: the secrets of this browser's sessions, one a workspace, the active one first, joined by dots.
 * Scripts cannot read it, other sites cannot send it; where the server is reached by https it goes nowhere else, and
 * its `__Host-` name keeps neighbouring hosts from planting one.
 */
export class SessionCookie {
  readonly #publicUrl: URL | undefined;

  /** `publicUrl`: where browsers reach the server, when that is not where it listens. */
  constructor(publicUrl?: string) {
    this.#publicUrl = publicUrl === undefined ? undefined : new URL(publicUrl);
  }

  /** `scheme://host[:port]` of the public URL, if one is known. */
  get publicOrigin(): string | undefined {
    return this.#publicUrl?.origin;
  }

  /** The secrets, the active one first; empty when there are none. */
  read(request: FastifyRequest): string[] {
    const header = request.headers.cookie;
    if (header === undefined) return [];
    const wanted = `${this.#name(request)}=`;
    for (const part of header.split(';')) {
      const pair = part.trim();
      if (!pair.startsWith(wanted)) continue;
      return pair.slice(wanted.length).split('.', MAX_TOGETHER).filter(looksLikeSession);
    }
    return [];
  }

  /** Replaces what the browser holds; none = the cookie is removed. */
  write(request: FastifyRequest, reply: FastifyReply, secrets: readonly string[]): void {
    const value = secrets.slice(0, MAX_TOGETHER).join('.');
    const seconds = value === '' ? 0 : SESSION_MS / 1000;
    const secure = this.#isSecure(request) ? '; Secure' : '';
    reply.header(
      'Set-Cookie',
      `${this.#name(request)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`,
    );
  }

  #isSecure(request: FastifyRequest): boolean {
    return this.#publicUrl?.protocol === 'https:' || request.protocol === 'https';
  }

  #name(request: FastifyRequest): string {
    return this.#isSecure(request) ? `__Host-${NAME}` : NAME;
  }
}
