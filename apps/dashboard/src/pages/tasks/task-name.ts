/** `Comment moderation!` → `comment-moderation`: a name for addresses out of a title. */
export function slugOf(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

/** Why a name cannot stand in addresses; null = it can. */
export function slugProblem(slug: string): string | null {
  return /^[a-z][a-z0-9-]{0,62}$/.test(slug)
    ? null
    : 'The name in addresses has small letters, digits and hyphens, and begins with a letter.';
}
