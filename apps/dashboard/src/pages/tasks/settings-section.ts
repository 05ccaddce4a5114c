/** A part of the settings, saved by itself. */
export interface SectionProps {
  slug: string;
  readOnly: boolean;
}
