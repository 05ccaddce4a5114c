import { type Static, Type } from 'typebox';
import { Body, Named, PageQuery, Slug, Timestamp } from './common.ts';

/** The categories that every answer of OpenAI's moderation endpoint has. */
export const moderationCategories = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const;
export type ModerationCategory = (typeof moderationCategories)[number];

const LabelName = Type.String({ minLength: 1, maxLength: 200 });

const ModerationTask = Body({
  task: Slug,
  flagged_labels: Type.Array(LabelName, {
    maxItems: 1000,
    uniqueItems: true,
    description: 'A decision for one of these is `flagged`; labels that are not named are not.',
  }),
  review: Type.Unsafe<'flag' | 'pass' | 'suggestion'>({
    enum: ['flag', 'pass', 'suggestion'],
    description:
      'What an answer says while a person still has to decide: `flag` = flagged, `pass` = not flagged, `suggestion` = as the suggestion would be, and flagged where there is none.',
  }),
  categories: Type.Optional(
    Type.Record(LabelName, Type.Unsafe<ModerationCategory>({ enum: [...moderationCategories] }), {
      maxProperties: 1000,
      description:
        'Which standard category a label counts for, beside being one itself. A label that is named as one needs no entry.',
    }),
  ),
});

const openAiSettings = {
  default_moderation_task: Type.Union([Slug, Type.Null()], {
    description: 'Answers for the well-known moderation models, and for requests that name none. One of `moderation`.',
  }),
  moderation: Type.Array(ModerationTask, { maxItems: 200, description: 'Tasks that answer moderation requests.' }),
};

/** The body of `PUT /v1/openai-settings`. */
export const OpenAiSettingsRequest = Body(openAiSettings, { $id: 'OpenAiSettingsRequest' });
export type OpenAiSettingsRequest = Static<typeof OpenAiSettingsRequest>;

export const OpenAiSettings = Type.Object(
  {
    ...openAiSettings,
    updated_at: Type.Union([Timestamp, Type.Null()], { description: 'Null: nothing was set yet.' }),
  },
  { $id: 'OpenAiSettings' },
);
export type OpenAiSettings = Static<typeof OpenAiSettings>;

const Path = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.',
});

const TEMPLATE =
  'Any JSON. In its strings, `{{$.path}}` stands for a fact of the decision: alone in a string for the value as it is, else for its text.';

const predictRoute = {
  task: Slug,
  path: Type.String({
    pattern: '^[A-Za-z0-9_.~-]{1,63}(/[A-Za-z0-9_.~-]{1,63}){0,2}$',
    description: 'Where it answers, behind `/compat/`; one to three segments.',
  }),
  request: Body({
    text: Path,
    items: Type.Optional(
      Type.Unsafe<string>({
        ...Path,
        description: 'An array in the request, an item each; the other paths then begin at the item.',
      }),
    ),
    external_id: Type.Optional(Path),
    subject: Type.Optional(Path),
    attributes: Type.Optional(Named(Path)),
  }),
  labels: Type.Optional(
    Type.Record(LabelName, Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Boolean(), Type.Null()]), {
      maxProperties: 1000,
      description: 'What the application calls our labels: `$.value` and `$.suggestion.value` in templates.',
    }),
  ),
  response: Type.Unsafe<unknown>({
    description: `The answer to an automated item. ${TEMPLATE}`,
  }),
  review: Body(
    {
      response: Type.Unsafe<unknown>({ description: TEMPLATE }),
      status: Type.Optional(
        Type.Integer({ minimum: 200, maximum: 299, default: 200, description: 'Not with `request.items`.' }),
      ),
    },
    {
      description:
        'The answer while a person still has to decide: `$.label` is null then, `$.suggestion` may be there.',
    },
  ),
  envelope: Type.Optional(
    Type.Unsafe<unknown>({
      description: 'With `request.items`: what stands around the answers, `{{$.answers}}`. Absent = the bare array.',
    }),
  ),
};

/** The body of `PUT /v1/predict-routes/{route}`. */
export const PredictRouteRequest = Body(
  { ...predictRoute, path: Type.Optional(predictRoute.path) },
  { $id: 'PredictRouteRequest' },
);
export type PredictRouteRequest = Static<typeof PredictRouteRequest>;

export const PredictRoute = Type.Object(
  {
    id: Type.String(),
    route: Slug,
    url: Type.String({ description: 'The path to POST to.' }),
    ...predictRoute,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'PredictRoute' },
);
export type PredictRoute = Static<typeof PredictRoute>;

export const PredictRouteList = Type.Object(
  { data: Type.Array(Type.Ref('PredictRoute')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'PredictRouteList' },
);

export const PredictRouteQuery = Type.Object(PageQuery, { additionalProperties: false });
